package server

import "net/url"

// Secrets are the values of a target that are to be kept from others: the
// password of its URL, and variables whose names are those of secrets.
func (s Spec) Secrets(isName func(string) bool) []string {
	var list []string
	if u, err := url.Parse(s.URL); err == nil {
		if password, has := u.User.Password(); has {
			list = append(list, password)
		}
	}
	for name, value := range s.Env {
		if isName(name) {
			list = append(list, value)
		}
	}
	return list
}
