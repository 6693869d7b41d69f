// Git's own http-backend behind a small CGI server: a forge as far as git can tell, with a token,
// permissions and faults.

import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGunzip } from 'node:zlib'

export type GitServerOptions = {
  readonly root: string
  /** Asked for by every request. */
  readonly token?: string
  /** Refuses pushes as a forge refuses a token that may only read. */
  readonly readOnly?: boolean
  /** Answers this many requests with 503 first. */
  readonly failures?: number
  /** False to speak only the oldest protocol, in which single objects cannot be asked for. */
  readonly newProtocol?: boolean
  /** Cuts the connection after this many pushes were taken, before the client hears of it. */
  readonly cutAfterPush?: number
  /** Takes a push in and never answers it. */
  readonly hangOnPush?: boolean
  /** Sends everything elsewhere. */
  readonly redirectTo?: string
}

export type GitServer = {
  readonly url: string
  readonly requests: readonly { readonly path: string; readonly authorization: string }[]
  readonly close: () => Promise<void>
}

export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const requests: { path: string; authorization: string }[] = []
  let failures = options.failures ?? 0
  let cuts = options.cutAfterPush ?? 0
  const server = createServer((request, response) => {
    const authorization = request.headers.authorization ?? ''
    requests.push({ path: request.url ?? '', authorization })
    if (failures > 0) {
      failures -= 1
      return refuse(response, 503, 'try again')
    }
    if (options.redirectTo !== undefined) {
      response.writeHead(302, { location: `${options.redirectTo}${request.url}` }).end()
      return undefined
    }
    const refusal = refusalOf(request, options)
    if (refusal !== undefined) return refuse(response, ...refusal)
    const isPush = request.url?.endsWith('/git-receive-pack') === true
    if (isPush && options.hangOnPush === true) return undefined
    const cut = isPush && cuts > 0
    if (cut) cuts -= 1
    return answer(request, response, { ...options, cut })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/remote.git`,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function refusalOf(
  request: IncomingMessage,
  options: GitServerOptions,
): [number, string] | undefined {
  if (options.token !== undefined) {
    const expected = Buffer.from(`x-access-token:${options.token}`).toString('base64')
    if (request.headers.authorization !== `Basic ${expected}`) return [401, 'who are you?']
  }
  if (options.readOnly === true && request.url?.includes('git-receive-pack') === true) {
    return [403, 'Permission to acme/search.git denied to github-actions[bot].']
  }
  return undefined
}

function refuse(response: ServerResponse, status: number, text: string): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="forge"' } : {}
  response.writeHead(status, { 'content-type': 'text/plain', ...challenge }).end(text)
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: GitServerOptions & { readonly cut: boolean },
): void {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const protocol = request.headers['git-protocol']
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_USER: 'writer',
      REMOTE_ADDR: '127.0.0.1',
      ...(typeof protocol === 'string' && options.newProtocol !== false
        ? { GIT_PROTOCOL: protocol }
        : {}),
    },
  })
  const body =
    request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  backend.stdin.on('error', () => {})
  body.pipe(backend.stdin)
  backend.stderr.resume()
  const chunks: Buffer[] = []
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  backend.on('close', () => {
    if (options.cut) response.destroy()
    else writeCgi(response, Buffer.concat(chunks))
  })
}

/** Head lines, an empty line, the body. */
function writeCgi(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf('\r\n\r\n')
  let status = 200
  for (const line of output.toString('latin1', 0, Math.max(0, end)).split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*/, 2)
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
    else if (name !== '') response.setHeader(name, line.slice(line.indexOf(':') + 1).trim())
  }
  response.writeHead(status).end(output.subarray(end + 4))
}
