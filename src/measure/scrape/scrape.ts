// Reads what a server exports of itself while it is measured, in a way that cannot disturb the
// measurement: one connection of its own, one look a second, bytes kept as they come. Nothing is
// decoded before the last request has ended.

import { Client, type Dispatcher, ProxyAgent } from 'undici'
import type { HttpProxy } from '../../model/proxy.ts'
import type { Engine, ServerMetricsRead, ServerReading } from '../../model/server-metrics.ts'
import { readExporter } from '../../wire/exporters/exporters.ts'
import { proxyToken, publicLookup } from '../load/load.ts'

const EVERY_MS = 1000
const LOOK_TIMEOUT_MS = 2000
/** Of one look. vLLM with all its histograms has some hundred kilobytes. */
const LARGEST_LOOK_BYTES = 4 << 20
/** Of all looks together, and their number: past either, every second one is let go. */
const LARGEST_BYTES = 64 << 20
const MOST_LOOKS = 300

type Scrape = { readonly atMs: number; readonly bytes: Buffer }

export type Scraper = {
  /** The measured phase begins as soon as this resolves: a look before it, on a clock from 0. */
  readonly begin: () => Promise<void>
  /** A last look, and what all of them say. */
  readonly end: () => Promise<ServerMetricsRead>
  /** Lets go of timer and connection, whatever happened: left alone they keep the process alive. */
  readonly close: () => Promise<void>
}

export type ScrapeOptions = {
  readonly signal: AbortSignal
  /** Addresses of private networks are refused once the name is looked up. */
  readonly publicOnly?: boolean
  /** Absent = straight. */
  readonly proxy?: HttpProxy
}

export function startScraper(url: string, options: ScrapeOptions): Scraper {
  return new Scraping(url, options)
}

class Scraping implements Scraper {
  readonly #url: URL
  readonly #client: Dispatcher
  readonly #signal: AbortSignal
  #scrapes: Scrape[] = []
  #bytes = 0
  #stride = 1
  #ticks = 0
  #problem: string | undefined
  #originMs = performance.now()
  #timer: NodeJS.Timeout | undefined
  /** The look under way. */
  #running: Promise<void> | undefined

  constructor(url: string, { signal, publicOnly = false, proxy }: ScrapeOptions) {
    this.#url = new URL(url)
    this.#signal = signal
    const bounds = {
      allowH2: false,
      pipelining: 1,
      headersTimeout: LOOK_TIMEOUT_MS,
      bodyTimeout: LOOK_TIMEOUT_MS,
      maxResponseSize: LARGEST_LOOK_BYTES,
      connect: { timeout: LOOK_TIMEOUT_MS, ...(publicOnly ? { lookup: publicLookup } : {}) },
    }
    this.#client =
      proxy === undefined
        ? new Client(this.#url.origin, bounds)
        : new ProxyAgent({ ...bounds, uri: proxy.origin, token: proxyToken(proxy) })
  }

  async begin(): Promise<void> {
    await this.#look()
    const early = performance.now()
    this.#scrapes = this.#scrapes.map(({ atMs, bytes }) => ({
      atMs: atMs + this.#originMs - early,
      bytes,
    }))
    this.#originMs = early
    this.#timer = setInterval(() => this.#tick(), EVERY_MS)
  }

  async end(): Promise<ServerMetricsRead> {
    clearInterval(this.#timer)
    await this.#running
    await this.#look()
    await this.close()
    return this.#read()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#client.destroy()
    await this.#running
  }

  /** A server that is slow to answer is asked less often: looks never pile up. */
  #tick(): void {
    this.#ticks += 1
    if (this.#ticks % this.#stride !== 0 || this.#running !== undefined) return
    this.#running = this.#look().finally(() => {
      this.#running = undefined
    })
  }

  async #look(): Promise<void> {
    try {
      const bytes = await this.#get()
      this.#keep({ atMs: performance.now() - this.#originMs, bytes })
    } catch (error) {
      this.#problem ??= error instanceof Refused ? error.message : unreachable(error)
    }
  }

  async #get(): Promise<Buffer> {
    const { statusCode, headers, body } = await this.#client.request({
      origin: this.#url.origin,
      path: this.#url.pathname + this.#url.search,
      method: 'GET',
      headers: { accept: 'text/plain' },
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)]),
    })
    if (statusCode !== 200) {
      await body.dump({ limit: 16 * 1024 })
      throw new Refused(refusalText(statusCode))
    }
    const encoding = String(headers['content-encoding'] ?? 'identity')
    if (encoding !== 'identity') throw new Refused('answers compressed although none was asked for')
    return Buffer.from(await body.arrayBuffer())
  }

  #keep(scrape: Scrape): void {
    this.#scrapes.push(scrape)
    this.#bytes += scrape.bytes.length
    if (this.#scrapes.length <= MOST_LOOKS && this.#bytes <= LARGEST_BYTES) return
    const last = this.#scrapes.length - 1
    this.#scrapes = this.#scrapes.filter((_, at) => at % 2 === 0 || at === last)
    this.#bytes = this.#scrapes.reduce((sum, { bytes }) => sum + bytes.length, 0)
    this.#stride *= 2
  }

  #read(): ServerMetricsRead {
    const readings: ServerReading[] = []
    let problem = this.#problem
    let engine: Engine | undefined
    for (const { atMs, bytes } of this.#scrapes) {
      const read = readExporter(bytes.toString('utf8'))
      if (!read.ok) problem ??= read.problem
      else if (engine === undefined || engine === read.engine) {
        engine = read.engine
        readings.push({ atMs, ...read.reading })
      }
    }
    this.#scrapes = []
    // One look shows levels; only two show what happened in between.
    if (engine === undefined || readings.length < 2) {
      return { ok: false, problem: problem ?? 'could be read only once' }
    }
    return { ok: true, metrics: { engine, readings } }
  }
}

class Refused extends Error {
  override readonly name = 'Refused'
}

function refusalText(status: number): string {
  const login = status === 401 || status === 403 || (status >= 300 && status < 400)
  return `answers with HTTP ${status}${login ? ', so it seems to be behind a login' : ''}`
}

/** Names the kind of trouble alone: an address or a body is nobody else's business. */
function unreachable(error: unknown): string {
  const { code = '', name = '' }: { code?: string; name?: string } = Object(error)
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return `is larger than ${LARGEST_LOOK_BYTES >> 20} MB, so it is no exporter of one server`
  }
  if (/timeout/i.test(name + code)) return `does not answer within ${LOOK_TIMEOUT_MS} ms`
  return `cannot be reached${code === '' ? '' : ` (${code})`}`
}
