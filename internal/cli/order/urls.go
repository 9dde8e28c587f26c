package order

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/scenarios/ofurls"
)

// Words of a command line that are URLs are servers: each with the path that
// is asked of it. NAME=URL gives one its name.
var UrlWord = regexp.MustCompile(`^(?:([A-Za-z0-9][A-Za-z0-9._-]*)=)?((?i:https?)://.*)$`)

// SplitURLs parts the URLs of a command line from its other words.
func SplitURLs(words []string) (urls, others []string) {
	for _, w := range words {
		if UrlWord.MatchString(w) {
			urls = append(urls, w)
		} else {
			others = append(others, w)
		}
	}
	return urls, others
}

// Site is a server given by its URL.
type Site struct {
	name string
	base string // the URL without its path
	path string // with the query, as it is sent
	host string // with the port, as a name
	part string // what of the path may be in a name
}

func (s Site) word() string { return s.name + "=" + s.base + s.path }

// SitesOf reads URL words. Names are made of hosts and ports, of paths where
// those are alike, and numbered where all is alike.
func SitesOf(words []string) ([]Site, error) {
	sites, hosts, parts := make([]Site, len(words)), map[string]int{}, map[string]bool{}
	for i, word := range words {
		var err error
		if sites[i], err = siteOf(word); err != nil {
			return nil, console.Exit(console.ExitUsage, err)
		}
		hosts[sites[i].host]++
		parts[sites[i].part] = true
	}
	taken := map[string]string{}
	for i, s := range sites {
		if s.name != "" && taken[s.name] != "" {
			return nil, console.BadFlag("%s: %q is given twice", words[i], s.name)
		}
		taken[s.name] = words[i]
	}
	for i := range sites {
		if s := &sites[i]; s.name == "" {
			if s.name = s.host; hosts[s.host] > 1 && len(parts) > 1 && s.part != "" {
				s.name += "-" + s.part
			}
			s.name = unlike(s.name, taken)
			taken[s.name] = words[i]
		}
	}
	return sites, nil
}

func siteOf(word string) (Site, error) {
	m := UrlWord.FindStringSubmatch(word)
	u, err := url.Parse(m[2])
	if err != nil {
		return Site{}, fmt.Errorf("%q is not a URL: %w", m[2], errors.Unwrap(err))
	}
	base := url.URL{Scheme: strings.ToLower(u.Scheme), User: u.User, Host: u.Host}
	s := Site{name: m[1], base: base.String(), path: pathOf(u), host: nameOf(u.Host), part: nameOf(u.EscapedPath())}
	if !nameStart.MatchString(s.host) || results.CheckName(s.host) != nil {
		s.host = "server"
	}
	name := cmp.Or(s.name, s.host)
	return s, cmp.Or(config.CheckTarget(name, s.base), results.CheckName(name))
}

// pathOf is what is sent: the path and the query, with nothing in it that a
// request cannot have. A fragment is never sent.
func pathOf(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + notInQuery.ReplaceAllStringFunc(u.RawQuery, url.PathEscape)
	}
	return path
}

var notInQuery = regexp.MustCompile(`[^!#-;=?-~]+`)

// longestSite keeps the names of targets short; the store takes up to 100 bytes.
const longestSite = 40

var notInName = regexp.MustCompile(`[^A-Za-z0-9._]+`)

// nameOf is a text as part of a target's name.
func nameOf(text string) string {
	text = notInName.ReplaceAllString(text, "-")
	return strings.Trim(text[:min(len(text), longestSite)], "-.")
}

var nameStart = regexp.MustCompile(`^[A-Za-z0-9]`)

// unlike is the name, with a number where it is taken.
func unlike(name string, taken map[string]string) string {
	candidate := name
	for n := 2; taken[candidate] != ""; n++ {
		candidate = fmt.Sprintf("%s-%d", name, n)
	}
	return candidate
}

// TargetsAt are the servers: each is there when it answers on its own path.
func TargetsAt(sites []Site) []server.Spec {
	specs := make([]server.Spec, len(sites))
	for i, s := range sites {
		specs[i] = server.Spec{Name: s.name, URL: s.base, Ready: s.path}
	}
	return specs
}

// GetsOf are the requests that the URLs themselves stand for.
func GetsOf(sites []Site) []ofurls.Get {
	gets := make([]ofurls.Get, len(sites))
	for i, s := range sites {
		gets[i] = ofurls.Get{Target: s.name, Path: s.path}
	}
	return gets
}

// GetScenario is one GET of each URL's path. Its file is the URLs themselves,
// from which it can be made again.
func GetScenario(sites []Site) (*scenarios.Scenario, error) {
	words := make([]string, len(sites))
	for i, s := range sites {
		words[i] = s.word()
	}
	s, err := scenarios.OfText(strings.Join(words, " "), ofurls.Text(GetsOf(sites), nil))
	if err == nil {
		s.Load.AutoUsers = true // the text that init writes names a number, and here nobody did
	}
	return s, err
}

// FromURLs tells a scenario that was made of URLs, by its file.
func FromURLs(file string) bool { return UrlWord.MatchString(file) }

// GetAgain makes the scenario of a stored run again.
func GetAgain(file string) (*scenarios.Scenario, error) {
	urls, others := SplitURLs(strings.Fields(file))
	if len(others) > 0 {
		return nil, fmt.Errorf("%q is no list of URLs", file)
	}
	sites, err := SitesOf(urls)
	if err != nil {
		return nil, err
	}
	return GetScenario(sites)
}

// withoutPaths refuses URLs with paths beside scenarios, which have their own.
func withoutPaths(sites []Site, scenario string) error {
	for _, s := range sites {
		if s.path != "/" {
			return console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("%s%s has a path, and %s says itself what is asked", s.base, s.path, scenario),
				fmt.Sprintf("leave the path out (%s), or the scenario", s.base)))
		}
	}
	return nil
}

// StoredScenario reads the scenario file that a document names: nothing but a
// plain file, as reading anything else may never end. One that was made of URLs
// is made again.
func StoredScenario(c *cli.Context, file string) (*scenarios.Scenario, error) {
	if FromURLs(file) {
		return GetAgain(file)
	}
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil, cmp.Or(err, fmt.Errorf("%q is no plain file", file))
	}
	return scenarios.LoadProfile(file, c.String("profile"), c.Bool(AllowOutside))
}
