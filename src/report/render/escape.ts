// Foreign text made safe, once for each format: it comes from models, servers, prompts, branches and
// pull requests, and some of it is written to deceive. What no reader can see is replaced first, so
// no format has to think of it.
// By hand: a library for HTML's escape alone would leave Markdown, XML, metric labels and the job's log,
// which share what is replaced first.

/** A no-width mark that breaks a pattern without changing what is read. */
const BREAK = '&#8203;'

/** What no reader can see, or tell from nothing: two names must not look the same and be two. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu

/**
 * Control characters (terminal escapes, line ends), format characters (bidirectional overrides,
 * zero-width spaces, fillers, variation selectors) and halves of characters become one visible replacement; line ends a space.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replace(UNSEEN, '\ufffd')
}

/** A sign before a space is the reader's "less than", and opens nothing. */
const SIGNS = /[&>\\|]|<(?! )/g

/** Brackets only where they could make a link, an alert or a task: an interval stays readable. */
const MARKUP = /[`*_~!]|\[(?![+−±])|\](?=[([:])/g

/**
 * Text for GitHub's Markdown: no markup, HTML, mention, cross-reference, autolink, emoji code or
 * formula comes of it, in a paragraph or in a table cell. Mentions and links are made from the text
 * of the finished page, where a character reference no longer hides anything: so the pattern itself
 * is broken by a zero-width space.
 */
export function escapeMarkdown(text: string): string {
  return unlinked(visible(text).replace(SIGNS, entity).replace(MARKUP, '\\$&'))
}

/** Text inside an HTML element of GitHub's Markdown, where a backslash would be shown. */
export function escapeMarkdownHtml(text: string): string {
  return unlinked(escapeHtml(text).replace(/[`*_~[\]\\|]/g, entity))
}

function unlinked(text: string): string {
  return text
    .replace(/@(?=\S)/g, `@${BREAK}`)
    .replace(/(?<!&)#(?=\d)/g, `#${BREAK}`)
    .replace(/(?<![a-z0-9])(gh)-(?=\d)/gi, `$1-${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/(?<![a-z0-9])(www)\./gi, `$1${BREAK}.`)
    .replace(/(?<![a-z0-9])(mailto|xmpp):/gi, `$1:${BREAK}`)
    .replace(/(?<!\d):(?=[a-z0-9_+-]+:)/gi, `:${BREAK}`)
    .replace(/\$(?!\d)/g, '<span>$</span>')
}

/** A line that begins with foreign text must not become a heading, a list or a rule. */
export function escapeLineStart(line: string): string {
  return line.replace(/^\s*(?=[#+=-]|\d+[.)]\s)/, BREAK)
}

/**
 * Text as code for GitHub's Markdown, where nothing is a mention or a link. A plain span where that is
 * safe; an element with everything escaped where the text holds a backtick (it could end the span), a
 * bar or a backslash (they could end a table's cell, even inside a span), or the start of a tag.
 */
export function codeMarkdown(text: string): string {
  const shown = visible(text)
  if (shown.trim() === '') return '(empty)'
  return /[`|\\<]/.test(shown) ? `<code>${escapeMarkdownHtml(shown)}</code>` : `\`${shown}\``
}

/** Text for an HTML element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, entity)
}

/** Text for an XML element or a quoted attribute: no character that XML forbids is left. */
export function escapeXml(text: string): string {
  return escapeHtml(text).replace(/[\uFFFE\uFFFF]/g, '\ufffd')
}

/** Text for the quoted value of a label in the Prometheus text format. */
export function escapeMetricLabel(text: string): string {
  return visible(text).replace(/["\\]/g, '\\$&')
}

/** Text for a terminal: control sequences are already gone with `visible`. */
export function escapeText(text: string): string {
  return visible(text)
}

/**
 * A whole line for a job's log, where the runner takes a line that begins with `::` and anything
 * after `##[` for a command.
 */
export function escapeLogLine(line: string): string {
  return line.replace(/^(\s*)::/, '$1: :').replace(/##\[/g, '## [')
}

/** Text for a log without colours: names in it command nothing, and hide nothing. */
export function escapeLog(text: string): string {
  const seen = (line: string) => line.replace(UNSEEN, (sign) => (sign === '\t' ? sign : '\ufffd'))
  return text
    .split('\n')
    .map((line) => escapeLogLine(seen(line)))
    .join('\n')
}

/** True for an address that may become a link. */
export function isWebAddress(href: string): boolean {
  return /^https?:\/\/[^\s<>"'`()[\]\\|]+$/.test(href)
}

function entity(sign: string): string {
  return `&#${sign.codePointAt(0)};`
}
