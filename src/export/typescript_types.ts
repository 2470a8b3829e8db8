/**
 * HTTP status codes: what each of them means, who says so, and what IANA has registered.
 *
 * Copy this file into your project as a module. It imports nothing.
 */

/** Who brought a meaning into the world. */
export type Origin =
  /** The IETF, for HTTP at large. */
  | "rfc"
  /** The IETF, for WebDAV. */
  | "webdav"
  /** A company, product or project, for its own use. */
  | "vendor"
  /** A convention, a proposal, a custom. */
  | "unofficial";

/** What IANA's registry says of a meaning. */
export type Registration =
  /** It is listed. */
  | "registered"
  /** It is listed for a time. */
  | "temporary"
  /** The code is kept from being assigned. */
  | "reserved"
  /** It is listed, and obsolete. */
  | "obsoleted"
  /** It is not listed. */
  | "unregistered";

/** What becomes of the request method when the client follows a redirect (RFC 9110, Section 15.4). */
export type RedirectMethod =
  /** The client must not change it. */
  | "kept"
  /** The client may change POST to GET. */
  | "may-become-get"
  /** The client retrieves the other resource: with GET, or HEAD. */
  | "becomes-get";

/** One use of a status code by someone. */
export interface Meaning {
  /** The id, stable from version to version, such as `421-misdirected-request`. */
  readonly id: string;
  /** The status code. */
  readonly code: number;
  /** The reason phrase; a reserved code has none. */
  readonly phrase?: string;
  /** Phrases that it bore before, the latest first. */
  readonly formerPhrases: readonly string[];
  /** What it is called in Simplified Chinese. */
  readonly nameZhHans: string;
  /** Who brought it into the world. */
  readonly origin: Origin;
  /** The vendor's name, if a vendor it was. */
  readonly vendor?: string;
  /** What IANA's registry says of it. */
  readonly registration: Registration;
  /**
   * Whether the response is interim, so that a final one follows (RFC 9110, Section 15.2); absent
   * where no standard says.
   */
  readonly interim?: boolean;
  /**
   * Whether the response may have content, unless it is to HEAD or CONNECT (RFC 9110, Section
   * 6.4.1); absent where no standard says.
   */
  readonly mayHaveContent?: boolean;
  /**
   * Whether a cache may store and reuse the response without being told for how long (RFC 9110,
   * Section 15.1); absent where no standard says.
   */
  readonly heuristicallyCacheable?: boolean;
  /**
   * What becomes of the request method when the client follows the redirect; absent for what is no
   * redirect, or one of which no standard says.
   */
  readonly redirectMethod?: RedirectMethod;
  /** What it means. */
  readonly summary: string;
}

/** A status code that IANA lists with a reason phrase. */
export type StatusCode = (typeof HttpStatus)[keyof typeof HttpStatus];

/** A reason phrase that IANA lists. */
export type ReasonPhrase = (typeof REASON_PHRASES)[StatusCode];

/** Whether IANA lists the code with a reason phrase. */
export function isStatusCode(code: number): code is StatusCode {
  return code in REASON_PHRASES;
}

/**
 * The reason phrase that IANA's registry gives a code; nothing for codes that it does not list
 * with one. See {@link meaningsOf} for what else a code is used for.
 */
export function reasonPhrase(code: StatusCode): ReasonPhrase;
export function reasonPhrase(code: number): ReasonPhrase | undefined;
export function reasonPhrase(code: number): ReasonPhrase | undefined {
  return isStatusCode(code) ? REASON_PHRASES[code] : undefined;
}

/** All meanings of a code: the one that IANA has registered, if any, comes first. */
export function meaningsOf(code: number): readonly Meaning[] {
  return MEANINGS.filter((meaning) => meaning.code === code);
}

/**
 * The code with this reason phrase, in any case of ASCII letters. Registered phrases are looked at
 * first, then their former ones, then those of codes that are not registered.
 */
export function codeOfPhrase(phrase: string): number | undefined {
  const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const wanted = lower(phrase);
  const bears = (meaning: Meaning): boolean => meaning.phrase !== undefined && lower(meaning.phrase) === wanted;
  const bore = (meaning: Meaning): boolean => meaning.formerPhrases.some((former) => lower(former) === wanted);
  const registered = MEANINGS.filter((meaning) => meaning.registration !== "unregistered");
  const others = MEANINGS.filter((meaning) => meaning.registration === "unregistered");
  // The first of all that have it. `find` would need more than the library of ES5.
  const found = registered.filter(bears).concat(registered.filter(bore), others.filter(bears), others.filter(bore));
  return found[0]?.code;
}
