// What git is allowed to see: its own repository in a temporary folder, no hooks, no system or user
// configuration but proxies and certificates, and the token as a header for one host. The token is
// in no argument, URL or file.

import { dirname } from 'node:path'
import { Redactor } from '../../redact/redact.ts'
import type { GitSettings } from './git-process.ts'
import { runGit } from './git-process.ts'

type GitEnvironment = Readonly<Record<string, string>>

/** What of the caller's environment git and its transports need. */
const KEPT = new Set(
  [
    'PATH',
    'HOME',
    'USERPROFILE',
    'SYSTEMROOT',
    'TMPDIR',
    'TEMP',
    'TMP',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'ALL_PROXY',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'GIT_SSL_CAINFO',
    'GIT_SSL_CAPATH',
    'SSH_AUTH_SOCK',
  ].flatMap((name) => [name, name.toLowerCase()]),
)

const FIXED_CONFIG: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.allow', 'never'],
  ['protocol.file.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.https.allow', 'always'],
  ['protocol.ssh.allow', 'always'],
  // A redirect could carry the token to another host.
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '100'],
  ['http.lowSpeedTime', '30'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['pack.threads', '1'],
  // What comes is never unpacked file by file, and what is larger than any file of ours is not held in
  // memory either: a few packed kilobytes can be gigabytes.
  ['fetch.unpackLimit', '1'],
  ['core.bigFileThreshold', '16m'],
  ['advice.pushUpdateRejected', 'false'],
]

/** Settings of the user that a network may need; helpers only where there is no token. */
const USER_CONFIG = '^(http\\.(proxy|proxyauthmethod|sslcainfo|sslcapath|sslbackend))$'
const USER_CONFIG_AND_HELPERS = `${USER_CONFIG.slice(0, -1)}|^credential\\.(.*\\.)?helper$`

export type Access = {
  readonly remoteUrl: string
  readonly token?: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The repository git works in. */
  readonly gitDir: string
  readonly home: string
}

export function bareEnvironment(access: Access): GitEnvironment {
  const kept = Object.entries(access.environment).flatMap(
    ([name, value]): (readonly [string, string])[] =>
      value !== undefined && KEPT.has(name) ? [[name, value]] : [],
  )
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  }
}

/** The environment of every command on the data branch. */
export function gitEnvironment(
  access: Access,
  userConfig: readonly (readonly [string, string])[],
): GitEnvironment {
  const config = [
    ...userConfig,
    ...FIXED_CONFIG,
    ['remote.origin.url', access.remoteUrl] as const,
    ...authorization(access),
  ]
  const numbered = config.flatMap(([key, value], number) => [
    [`GIT_CONFIG_KEY_${number}`, key] as const,
    [`GIT_CONFIG_VALUE_${number}`, value] as const,
  ])
  return {
    ...bareEnvironment(access),
    ...(access.token === undefined ? {} : { HOME: access.home }),
    GIT_DIR: access.gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(numbered),
  }
}

/** Bound to the remote's own origin, so no other host is ever sent it. */
function authorization(access: Access): readonly (readonly [string, string])[] {
  if (access.token === undefined || !/^https?:/i.test(access.remoteUrl)) return []
  const { origin } = new URL(access.remoteUrl)
  const header = `Authorization: Basic ${basicOf(access.token)}`
  return [[`http.${origin}/.extraheader`, header]]
}

function basicOf(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64')
}

/** Reads proxies and certificates out of the user's and the system's configuration. */
export async function readUserConfig(
  access: Access,
  settings: Omit<GitSettings, 'environment'>,
): Promise<readonly (readonly [string, string])[]> {
  const environment = bareEnvironment(access)
  const pattern = access.token === undefined ? USER_CONFIG_AND_HELPERS : USER_CONFIG
  const run = await runGit(['config', '--show-scope', '-z', '--get-regexp', pattern], {
    ...settings,
    // Of a repository that the folder may lie in, nothing is even looked for.
    environment: { ...environment, GIT_CEILING_DIRECTORIES: dirname(access.home) },
  })
  const fields = run.stdout.toString('utf8').split('\0')
  return fields.flatMap((scope, position): (readonly [string, string])[] => {
    if (position % 2 !== 0 || !USERS_SCOPES.has(scope)) return []
    const [key = '', ...value] = (fields[position + 1] ?? '').split('\n')
    return [[key, value.join('\n')]]
  })
}

const USERS_SCOPES = new Set(['system', 'global'])

/** Takes the token, however it is spelt, and any credentials in a URL out of a text. */
export function redactor(token: string | undefined): (text: string) => string {
  const secrets = new Redactor(token === undefined ? [] : [token])
  return (text) =>
    secrets
      .text(text)
      .replace(/\/\/[^/\s@]+@/g, '//***@')
      .replace(/(\bhttps?:\/\/[^\s?#"']*)[?#][^\s"']*/gi, '$1')
}
