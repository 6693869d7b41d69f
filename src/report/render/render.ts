// The front of `render`: a report document as Markdown, HTML or text, a job's result as files of other
// formats, and the one escape of each format.

export { escapeHtml, escapeLog, isWebAddress, visible } from './escape.ts'
export { FILE_FORMATS } from './file-formats.ts'
export { html } from './html/html.ts'
export { junit } from './junit/junit.ts'
export { markdown, summaryMarkdown } from './markdown/markdown.ts'
export { type PageParts, pageHead } from './page-head.ts'
export { painter, tableLines, text, wrapped } from './text/text.ts'
