// Package httpstatus has HTTP status codes: what each of them means, who says so, and what IANA has
// registered. The constants have the names that net/http gives them, where it has the code.
//
// Copy this file into your project as a package. It imports nothing.
package httpstatus

// Origin says who brought a meaning into the world.
type Origin string

const (
	// OriginRFC is the IETF, for HTTP at large.
	OriginRFC Origin = "rfc"
	// OriginWebDAV is the IETF, for WebDAV.
	OriginWebDAV Origin = "webdav"
	// OriginVendor is a company, product or project, for its own use.
	OriginVendor Origin = "vendor"
	// OriginUnofficial is a convention, a proposal, a custom.
	OriginUnofficial Origin = "unofficial"
)

// Registration says what IANA's registry says of a meaning.
type Registration string

const (
	// Registered means that it is listed.
	Registered Registration = "registered"
	// Temporary means that it is listed for a time.
	Temporary Registration = "temporary"
	// Reserved means that the code is kept from being assigned.
	Reserved Registration = "reserved"
	// Obsoleted means that it is listed, and obsolete.
	Obsoleted Registration = "obsoleted"
	// Unregistered means that it is not listed.
	Unregistered Registration = "unregistered"
)

// Answer is what the standards answer to a question about a code; empty where they do not say.
type Answer string

const (
	// Yes is an answer.
	Yes Answer = "yes"
	// No is an answer.
	No Answer = "no"
)

// RedirectMethod says what becomes of the request method when the client follows a redirect (RFC 9110,
// Section 15.4).
type RedirectMethod string

const (
	// MethodKept means that the client must not change it.
	MethodKept RedirectMethod = "kept"
	// MethodMayBecomeGet means that the client may change POST to GET.
	MethodMayBecomeGet RedirectMethod = "may-become-get"
	// MethodBecomesGet means that the client retrieves the other resource: with GET, or HEAD.
	MethodBecomesGet RedirectMethod = "becomes-get"
)

// Meaning is one use of a status code by someone.
type Meaning struct {
	// ID is stable from version to version, such as 421-misdirected-request.
	ID string
	// Code is the status code.
	Code int
	// Phrase is the reason phrase; empty for a reserved code.
	Phrase string
	// FormerPhrases are phrases that it bore before, the latest first.
	FormerPhrases []string
	// NameZhHans is what it is called in Simplified Chinese.
	NameZhHans string
	// Origin says who brought it into the world.
	Origin Origin
	// Vendor is the vendor's name, if a vendor it was.
	Vendor string
	// Registration is what IANA's registry says of it.
	Registration Registration
	// Interim says whether the response is interim, so that a final one follows (RFC 9110, Section 15.2).
	Interim Answer
	// MayHaveContent says whether the response may have content, unless it is to HEAD or CONNECT (RFC
	// 9110, Section 6.4.1).
	MayHaveContent Answer
	// HeuristicallyCacheable says whether a cache may store and reuse the response without being told
	// for how long (RFC 9110, Section 15.1).
	HeuristicallyCacheable Answer
	// RedirectMethod says what becomes of the request method when the client follows the redirect; empty
	// for what is no redirect, or one of which no standard says.
	RedirectMethod RedirectMethod
	// Summary says what it means.
	Summary string
}

// MeaningsOf returns all meanings of a code: the one that IANA has registered, if any, comes first.
func MeaningsOf(code int) []Meaning {
	var found []Meaning
	for _, meaning := range Meanings {
		if meaning.Code == code {
			found = append(found, meaning)
		}
	}
	return found
}

// CodeOfPhrase returns the code with this reason phrase, in any case of ASCII letters, and whether
// there is one. Registered phrases are looked at first, then their former ones, then those of codes
// that are not registered.
func CodeOfPhrase(phrase string) (code int, ok bool) {
	for _, registered := range []bool{true, false} {
		for _, meaning := range Meanings {
			if (meaning.Registration != Unregistered) == registered && meaning.Phrase != "" && equalFold(meaning.Phrase, phrase) {
				return meaning.Code, true
			}
		}
		for _, meaning := range Meanings {
			for _, former := range meaning.FormerPhrases {
				if (meaning.Registration != Unregistered) == registered && equalFold(former, phrase) {
					return meaning.Code, true
				}
			}
		}
	}
	return 0, false
}

// equalFold reports whether two texts are the same but for the case of ASCII letters.
func equalFold(one, other string) bool {
	if len(one) != len(other) {
		return false
	}
	for i := 0; i < len(one); i++ {
		if lower(one[i]) != lower(other[i]) {
			return false
		}
	}
	return true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
