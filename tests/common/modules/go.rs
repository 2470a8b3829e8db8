use std::path::Path;
use std::process::Command;

use super::{cache, folder, told};

pub const MODULE: &str = "http_status_codes.go";
pub const PLACE: &str = "httpstatus/http_status_codes.go";
pub const PROJECT: (&str, &str) = ("go.mod", "module example.test/consumer\n\ngo 1.16\n");

/// Go in a folder, without the network and without a C compiler.
pub fn go(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("go");
    command
        .args(arguments)
        .current_dir(folder)
        .env("GOCACHE", cache("go"))
        .env("GOPATH", cache("gopath"))
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "")
        .env("GO111MODULE", "on")
        .env("CGO_ENABLED", "0");
    command
}

/// Runs a program that imports the package.
pub fn run_go(module: &str, program: &str) -> String {
    let folder = folder(&[PROJECT, (PLACE, module), ("main.go", program)]);
    told(&mut go(folder.path(), &["vet", "./..."]));
    told(&mut go(folder.path(), &["run", "."]))
}

/// A program that tells what the package says: of everything, and of these phrases, a list in JSON.
pub fn program(phrases: &str) -> String {
    let phrases = phrases.trim_matches(['[', ']']);
    r#"package main

import (
	"encoding/json"
	"os"

	"example.test/consumer/httpstatus"
)

func orNull(text string) interface{} {
	if text == "" {
		return nil
	}
	return text
}

func main() {
	answers := map[httpstatus.Answer]interface{}{httpstatus.Yes: true, httpstatus.No: false, "": nil}
	meanings := []interface{}{}
	for _, m := range httpstatus.Meanings {
		meanings = append(meanings, map[string]interface{}{
			"id":             m.ID,
			"code":           m.Code,
			"phrase":         orNull(m.Phrase),
			"former_phrases": append([]string{}, m.FormerPhrases...),
			"name_zh_hans":   m.NameZhHans,
			"origin":         m.Origin,
			"vendor":         orNull(m.Vendor),
			"registration":   m.Registration,
			"interim": answers[m.Interim],
			"may_have_content": answers[m.MayHaveContent],
			"heuristically_cacheable": answers[m.HeuristicallyCacheable],
			"redirect_method": orNull(string(m.RedirectMethod)),
			"summary":        m.Summary,
		})
	}
	var meaningsOf, reasonPhrase, codeOfPhrase []interface{}
	for code := 0; code < 1000; code++ {
		ids := []string{}
		for _, m := range httpstatus.MeaningsOf(code) {
			ids = append(ids, m.ID)
		}
		meaningsOf = append(meaningsOf, ids)
		reasonPhrase = append(reasonPhrase, orNull(httpstatus.StatusText(code)))
	}
	for _, phrase := range []string{PHRASES} {
		if code, ok := httpstatus.CodeOfPhrase(phrase); ok {
			codeOfPhrase = append(codeOfPhrase, code)
		} else {
			codeOfPhrase = append(codeOfPhrase, nil)
		}
	}
	err := json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"version":        httpstatus.Version,
		"meanings":       meanings,
		"meanings_of":    meaningsOf,
		"reason_phrase":  reasonPhrase,
		"code_of_phrase": codeOfPhrase,
	})
	if err != nil {
		panic(err)
	}
}
"#
    .replace("PHRASES", phrases)
}
