package page

import "strings"

// inASCII puts a sign of ASCII for every other one that tables are made of, a
// column for a column, so that they stay aligned. Names of the user's stay as
// they are. All footnotes become asterisks. Plus and minus take a space with them,
// where there is one to take.
var inASCII = strings.NewReplacer(
	" ± ", " +-", "  ±", " +-", "±", "+-",
	"─", "-", "–", "-", "·", "-", "…", "~", "⋮", ":", "µ", "u", "×", "x", "≤", "<", "≥", ">",
	"✓", "+", "✗", "x", "⚠", "!", "◀", "<", "•", "*",
	"−", "-", "▲", "^", "▼", "v",
	"⁰", "*", "¹", "*", "²", "*", "³", "*", "⁴", "*", "⁵", "*", "⁶", "*", "⁷", "*", "⁸", "*", "⁹", "*",
	"▁", ".", "▂", "_", "▃", "-", "▄", "~", "▅", "=", "▆", "+", "▇", "*", "█", "#",
	"▏", ".", "▎", ".", "▍", ".", "▌", "#", "▋", "#", "▊", "#", "▉", "#",
)
