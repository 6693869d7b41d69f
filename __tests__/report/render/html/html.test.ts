// The page by itself: nothing to fetch, nothing to run, and readable without seeing it.

import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { html } from '../../../../src/report/render/html/html.ts'
import { documentOf } from '../../goldens.ts'
import { STATES } from '../../states.ts'

const pages = STATES.map((state) => ({ name: state.name, page: html(documentOf(state)) }))

/** The browser allows the style sheet exactly when the policy holds its hash. */
function styleHash(page: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
  return createHash('sha256').update(style).digest('base64')
}

describe.each(pages)('the page of the state $name', ({ page }) => {
  it('allows its own style sheet and nothing else', () => {
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${styleHash(page)}'; base-uri 'none'; form-action 'none'"`,
    )
  })

  it('has no script, no style attribute, no handler and nothing to fetch', () => {
    expect(page.match(/<(?:script|img|iframe|link|object|embed|base|form)\b/gi)).toBeNull()
    expect(page.match(/<[^>]*\s(?:style|on\w+|src|srcset|background)=/gi)).toBeNull()
    expect(page.match(/url\(|@import/g)).toBeNull()
    const hrefs = [...page.matchAll(/href="([^"]*)"/g)].map((match) => match[1])
    for (const href of hrefs) expect(href).toMatch(/^https:\/\/github\.com\/acme\//)
  })

  it('gives each id once, and names only ids that are there', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    const named = [...page.matchAll(/aria-labelledby="([^"]+)"/g)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    )
    for (const id of named) expect(ids).toContain(id)
  })

  it('closes what it opens', () => {
    for (const tag of [
      'details',
      'table',
      'tr',
      'td',
      'th',
      'figure',
      'svg',
      'section',
      'p',
      'li',
    ]) {
      const opened = page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0
      const closed = page.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0
      expect([tag, opened]).toEqual([tag, closed])
    }
  })

  it('names its language, its headline and each table and chart', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page.match(/<caption/g)?.length ?? 0).toBe(page.match(/<table/g)?.length ?? 0)
    const charts = page.match(/role="img"/g)?.length ?? 0
    expect(page.match(/<title id=/g)?.length ?? 0).toBe(charts)
    expect(page.match(/<desc id=/g)?.length ?? 0).toBe(charts)
    expect(page.match(/undefined|NaN|Infinity|\[object/g)).toBeNull()
  })
})

describe('a chart', () => {
  it('leaves a gap where requests failed and draws every point that there is', () => {
    const page = html({
      mark: 'good',
      headline: 'x',
      alert: { level: 'tip', lines: [] },
      sections: [
        {
          mark: 'good',
          keep: false,
          remarks: [],
          next: [],
          details: [
            {
              title: [{ kind: 'text', text: 'charts' }],
              blocks: [
                {
                  kind: 'chart',
                  chart: {
                    kind: 'lines',
                    title: 't',
                    description: 'd',
                    xTitle: 'x',
                    yTitle: 'ms',
                    labels: ['a', 'b', 'c', 'd'],
                    series: [
                      {
                        name: 's',
                        role: 'candidate',
                        values: [1, 2, Number.POSITIVE_INFINITY, 4],
                      },
                    ],
                    scale: 'linear',
                    limits: [],
                    twin: { caption: 'c', columns: [], rows: [] },
                  },
                },
              ],
            },
          ],
        },
      ],
      details: [],
      foot: [],
    })
    const path = /class="line candidate" d="(M[^"]*M[^"]*)"/.exec(page)?.[1]
    expect(path?.match(/[ML]/g)).toEqual(['M', 'L', 'M'])
    expect(page.match(/<circle/g)).toHaveLength(4)
  })
})
