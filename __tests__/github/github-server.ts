// A GitHub to test against: a real HTTP server with a state. Every request is held against GitHub's
// own OpenAPI description (a subset, see scripts/cut-openapi.ts), and so is every answer; refusals are
// in GitHub's own words.

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import addFormats from 'ajv-formats'
import { type Context, OpenAPIBackend } from 'openapi-backend'
import { answers } from './github-answers.ts'
import { type Answer, type Asked, handlers, refusal } from './github-handlers.ts'
import { type GitHubState, githubState, type Token, type Trouble } from './github-state.ts'

export type GitHubServer = {
  /** As GITHUB_API_URL has it, without a trailing slash; with /api/v3 as Enterprise Server has it. */
  readonly apiUrl: string
  /** Live: what a test changes here, the next answer shows. */
  readonly state: GitHubState
  readonly close: () => Promise<void>
}

/** Listens on a free port of 127.0.0.1. */
export async function startGitHubServer(given: Partial<GitHubState> = {}): Promise<GitHubServer> {
  const state = githubState(given)
  const api = await openApi(state)
  const server = createServer((request, response) => {
    serve({ request, response, state, api }).catch((error: unknown) => {
      state.violations.push(`the server failed: ${String(error)}`)
      response.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { apiUrl: `http://127.0.0.1:${portOf(server)}`, state, close: () => stop(server) }
}

type Api = {
  readonly answer: (asked: Asked, token: Token) => Promise<Answer & { operation: string }>
}

/** The head of a fork that is gone has no repository, which GitHub's description forgets. */
const UNDESCRIBED = /^\/head\/repo$/

/** What GitHub's description says, read and compiled once for all servers of a test file. */
let described: Promise<OpenAPIBackend> | undefined

/** One request on its way through the description: which server it came to, and as whom. */
type Visit = {
  readonly asked: Asked
  readonly token: Token
  readonly state: GitHubState
  readonly handle: (operation: string, asked: Asked, token: Token) => Answer
}

async function describedApi(): Promise<OpenAPIBackend> {
  const path = new URL('../fixtures/github-openapi.json', import.meta.url)
  const backend = new OpenAPIBackend({
    definition: JSON.parse(readFileSync(path, 'utf8')),
    quick: true,
    strict: false,
    ajvOpts: { strict: false },
    customizeAjv: (ajv) => {
      addFormats.default(ajv)
      return ajv
    },
  })
  backend.register('validationFail', (context: Context, { asked, state }: Visit) => {
    const problems = JSON.stringify(context.validation.errors)
    state.violations.push(`${asked.method} ${asked.path}: ${problems}`)
    return { ...refusal(422, `Validation Failed: ${problems}`), operation: 'validationFail' }
  })
  backend.register('notFound', (_context: Context, { asked, state }: Visit) => {
    state.violations.push(`${asked.method} ${asked.path}: not in the description`)
    return { ...refusal(404, 'Not Found'), operation: 'notFound' }
  })
  await backend.init()
  for (const { operationId: operation = '' } of backend.getOperations()) {
    backend.register(operation, (context: Context, visit: Visit) =>
      checked(backend, operation, visit, parametersOf(context)),
    )
  }
  return backend
}

function checked(
  backend: OpenAPIBackend,
  operation: string,
  { asked, token, state, handle }: Visit,
  parameters: Record<string, string>,
): Answer & { operation: string } {
  const answer = handle(operation, { ...asked, parameters }, token)
  if (answer.status < 300 && typeof answer.body === 'object') {
    const { errors } = backend.validateResponse(answer.body, operation, answer.status)
    const wrong = (errors ?? []).filter(({ instancePath }) => !UNDESCRIBED.test(instancePath))
    if (wrong.length > 0) {
      state.violations.push(`answer of ${operation}: ${JSON.stringify(wrong)}`)
    }
  }
  return { ...answer, operation }
}

async function openApi(state: GitHubState): Promise<Api> {
  described ??= describedApi()
  const backend = await described
  const shapes = answers(state, (operation) => exampleOf(backend, operation))
  const handling = handlers(state, shapes)
  const handle: Visit['handle'] = (operation, asked, token) => {
    const handler = handling[operation]
    if (handler === undefined) throw new Error(`nothing here answers ${operation}`)
    return handler(asked, token)
  }
  return {
    answer: async (asked, token) => {
      const { method, path, query, headers, body } = asked
      const visit: Visit = { asked, token, state, handle }
      return await backend.handleRequest({ method, path, query, headers, body }, visit)
    },
  }
}

/** Made once for each operation: whoever uses one copies what he changes. */
const examples = new Map<string, unknown>()
function exampleOf(backend: OpenAPIBackend, operation: string): unknown {
  if (!examples.has(operation)) {
    examples.set(operation, backend.mockResponseForOperation(operation).mock)
  }
  return examples.get(operation)
}

function parametersOf(context: Context): Record<string, string> {
  const { params } = context.request
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}

async function serve(given: {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly state: GitHubState
  readonly api: Api
}): Promise<void> {
  const { request, response, state, api } = given
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const asked = await askedOf(request, url, state)
  const trouble = takeTrouble(state, `${asked.method} ${asked.path}`)
  const answered =
    trouble === undefined || trouble.carriedOut === true
      ? await answerTo(asked, { state, api })
      : troubled(trouble)
  const answer = trouble === undefined ? answered : troubled(trouble)
  state.requests.push({
    method: asked.method,
    path: asked.path,
    query: url.search,
    operation: answered.operation,
    authorization: request.headers.authorization ?? '',
    body: asked.body,
    status: answer.status,
  })
  if (trouble?.silent === true) return
  if (trouble?.hangUp === true) {
    request.socket.destroy()
    return
  }
  const isText = typeof answer.body === 'string'
  response.writeHead(answer.status, {
    'content-type': isText
      ? 'application/vnd.github.raw; charset=utf-8'
      : 'application/json; charset=utf-8',
    'x-github-request-id': `TEST:${state.requests.length}`,
    ...answer.headers,
  })
  response.end(
    answer.body === undefined ? '' : isText ? String(answer.body) : json(answer.body, state),
  )
}

function json(body: unknown, { leavesOut }: GitHubState): string {
  return JSON.stringify(body, (name, value) => (leavesOut.includes(name) ? undefined : value))
}

async function answerTo(
  asked: Asked,
  { state, api }: { readonly state: GitHubState; readonly api: Api },
): Promise<Answer & { operation: string }> {
  const given = /^(?:token|bearer) (.+)$/i.exec(asked.headers.authorization ?? '')?.[1] ?? ''
  const token = state.tokens[given]
  if (token === undefined) {
    const message = given === '' ? 'Requires authentication' : 'Bad credentials'
    return { ...refusal(401, message), operation: 'unauthorized' }
  }
  if (asked.method === 'POST' && asked.path === '/graphql') return graphql(asked, token)
  const foreign = /^\/repos\/([^/]+)\/([^/]+)/.exec(asked.path)
  if (foreign !== null && (foreign[1] !== state.owner || foreign[2] !== state.repo)) {
    return { ...refusal(404, 'Not Found'), operation: 'foreignRepository' }
  }
  return await api.answer(asked, token)
}

/** The one query that asks who a token belongs to. */
function graphql(asked: Asked, token: Token): Answer & { operation: string } {
  const query = JSON.stringify(asked.body)
  const body =
    token.kind !== 'installation' ||
    (token.namesItself !== false && /viewer\s*\{\s*login\s*\}/.test(query))
      ? { data: { viewer: { login: token.login } } }
      : { errors: [{ message: 'Only viewer { login } is known here' }] }
  return { status: 200, body, operation: 'graphql' }
}

function takeTrouble(state: GitHubState, request: string): Trouble | undefined {
  const index = state.troubles.findIndex(({ on }) => request.includes(on))
  const trouble = state.troubles[index]
  if (trouble !== undefined && trouble.always !== true) state.troubles.splice(index, 1)
  return trouble
}

function troubled(trouble: Trouble): Answer & { operation: string } {
  const { status, message, headers } = trouble
  return { ...refusal(status, message), ...(headers ? { headers } : {}), operation: 'trouble' }
}

async function askedOf(request: IncomingMessage, url: URL, state: GitHubState): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  // GitHub Enterprise Server has its API below /api/v3 and /api/graphql.
  const [prefix = ''] = /^\/api(?:\/v3(?=\/)|(?=\/graphql))/.exec(url.pathname) ?? []
  return {
    method: request.method ?? 'GET',
    // GitHub's own Link headers name repositories by number.
    path: url.pathname
      .slice(prefix.length)
      .replace(/^\/repositories\/1\//, `/repos/${state.owner}/${state.repo}/`),
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    origin: `http://${request.headers.host}${prefix}`,
    body: text === '' ? undefined : JSON.parse(text),
    parameters: {},
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen')
  return address.port
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
