use std::path::Path;
use std::process::Command;

use super::{folder, told};

pub const MODULE: &str = "http-status-codes.ts";
pub const PACKAGE: (&str, &str) = ("package.json", r#"{"type": "module"}"#);

/// What a project may demand of the code that it holds, beyond `--strict`.
pub const STRICTEST: &str = "--strict --module nodenext --target es2022 --declaration --isolatedModules \
    --isolatedDeclarations --verbatimModuleSyntax --erasableSyntaxOnly --exactOptionalPropertyTypes \
    --noUncheckedIndexedAccess --noPropertyAccessFromIndexSignature --noImplicitOverride \
    --noImplicitReturns --noUnusedLocals --noUnusedParameters --noUncheckedSideEffectImports";

pub fn tsc(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new("tsc");
    command
        .args(arguments.split_whitespace())
        .current_dir(folder);
    command
}

/// Compiles a program around the module and runs it in Node.
pub fn run_typescript(module: &str, program: &str) -> String {
    let folder = folder(&[PACKAGE, (MODULE, module), ("main.ts", program)]);
    told(&mut tsc(
        folder.path(),
        &format!("{STRICTEST} --outDir out main.ts"),
    ));
    told(Command::new("node").arg(folder.path().join("out/main.js")))
}

/// A program that tells what the module says: of everything, and of these phrases, a list in JSON.
pub fn program(phrases: &str) -> String {
    r#"
        import { MEANINGS, VERSION, codeOfPhrase, meaningsOf, reasonPhrase } from "./http-status-codes.js";
        const codes = Array.from({ length: 1000 }, (_, code) => code);
        const phrases: string[] = PHRASES;
        console.log(JSON.stringify({
            version: VERSION,
            meanings: MEANINGS.map((m) => ({
                id: m.id,
                code: m.code,
                phrase: m.phrase ?? null,
                former_phrases: m.formerPhrases,
                name_zh_hans: m.nameZhHans,
                origin: m.origin,
                vendor: m.vendor ?? null,
                registration: m.registration,
                interim: m.interim ?? null,
                may_have_content: m.mayHaveContent ?? null,
                heuristically_cacheable: m.heuristicallyCacheable ?? null,
                redirect_method: m.redirectMethod ?? null,
                summary: m.summary,
            })),
            meanings_of: codes.map((code) => meaningsOf(code).map((m) => m.id)),
            reason_phrase: codes.map((code) => reasonPhrase(code) ?? null),
            code_of_phrase: phrases.map((phrase) => codeOfPhrase(phrase) ?? null),
        }));
    "#
    .replace("PHRASES", phrases)
}
