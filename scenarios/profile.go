package scenarios

import (
	"slices"

	"taskbench/internal/compose"
	"taskbench/internal/othertools"
	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// profileFields are what a profile may say. Its load and vars are read where they
// have taken the place of the file's.
func (r *reader) profileFields() []field {
	return []field{
		{"load", "What it changes of the load.", defined("load"), false, func(n *yamlfile.Node) { r.Want(n, yamlfile.Mapping, "load") }},
		{"vars", "Vars with other values.", namesTo(constant), false, func(n *yamlfile.Node) { r.Want(n, yamlfile.Mapping, "vars") }},
		{"targets", "Names of the targets that are measured.", listOf(text, 1), false, func(n *yamlfile.Node) {
			if names := r.Strings(n, "targets"); n.Kind == yamlfile.Sequence && len(names) == 0 {
				r.Fail(n.Pos, "name one, or leave targets out for all", "the list of targets is empty")
			}
		}},
	}
}

func (r *reader) profiles(n *yamlfile.Node) {
	if !r.Want(n, yamlfile.Mapping, compose.Profiles) {
		return
	}
	for _, p := range n.Pairs {
		if !stepName.MatchString(p.Key) {
			r.Fail(p.Pos, "use letters, digits, dots and dashes", "%q cannot be a profile's name", p.Key)
		}
		r.translate(p.Value, "the profile "+p.Key, othertools.InProfile)
		r.fields(p.Value, "the profile "+p.Key, r.profileFields())
	}
}

// chooseProfile notes what of a profile is not of the scenario itself.
func (s *Scenario) chooseProfile(root *yamlfile.Node, name string) {
	profiles := root.Get(compose.Profiles)
	if profiles == nil || name == "" || profiles.Get(name) == nil {
		return
	}
	s.Profile = name
	if targets := profiles.Get(name).Get("targets"); targets != nil {
		for _, item := range targets.Items {
			s.Targets = append(s.Targets, item.Text)
		}
	}
}

// otherProfiles are the profiles of a file, where it is loaded without one.
func otherProfiles(root *yamlfile.Node, chosen string) []string {
	profiles := root.Get(compose.Profiles)
	if profiles == nil || profiles.Get(chosen) != nil {
		return nil
	}
	var names []string
	for _, p := range profiles.Pairs {
		names = append(names, p.Key)
	}
	return names
}

// CheckProfile is an error where none of the scenarios was loaded with the profile.
func CheckProfile(name string, loaded []*Scenario) error {
	if name == "" || slices.ContainsFunc(loaded, func(s *Scenario) bool { return s.Profile == name }) {
		return nil
	}
	return source.Errorf(source.Position{}, "write profiles: {"+name+": {load: …}} in one", "no scenario here has a profile %q", name)
}
