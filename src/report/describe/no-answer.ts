// What to do where no request completed: one remedy for each way an endpoint can refuse, since what
// helps against a web page does not help against a wrong key.

import type { Cloud } from '../../model/cloud.ts'
import { ANSWERED_INSTEAD } from '../../model/request-record.ts'
import type { Invalidity } from '../../model/run.ts'
import type { Entrypoint } from '../../model/verdict.ts'

type Nothing = Extract<Invalidity, { kind: 'nothing-completed' }>
type Remedy = { readonly short: string; readonly remedy: string }

export function nothingCompletedRemedy(nothing: Nothing, entrypoint: Entrypoint): Remedy {
  const words = remedyOf(nothing, entrypoint)
  const { proxy, outcome } = nothing
  if (proxy === undefined || outcome === 'proxy') return words
  const also = ` The requests went through the proxy ${proxy}: its log may say more.`
  return { ...words, remedy: words.remedy + also }
}

function remedyOf(nothing: Nothing, entrypoint: Entrypoint): Remedy {
  const { status, outcome, login, detail = '' } = nothing
  if (status === 401 || status === 403) {
    return login === undefined
      ? refusedKey(status, entrypoint)
      : {
          short: `the endpoint refuses the login to ${login} (HTTP ${status})`,
          remedy: LOGIN[login](detail),
        }
  }
  if (status === 404) return notFound(detail)
  if (status !== undefined && status >= 300 && status < 400) {
    return {
      short: `the endpoint redirects (HTTP ${status})`,
      remedy:
        'Put the address that answers into endpoint.url: a key is never sent on to where a redirect leads.',
    }
  }
  const instead = Object.entries(ANSWERED_INSTEAD).find(([, words]) => detail.startsWith(words))
  if (instead !== undefined) return INSTEAD[instead[0] as keyof typeof ANSWERED_INSTEAD]
  return byOutcome(outcome, status)
}

function refusedKey(status: number, entrypoint: Entrypoint): Remedy {
  return {
    short: `the endpoint refuses the key (HTTP ${status})`,
    remedy:
      entrypoint === 'action'
        ? 'Check the api-key input and the secret behind it, and that the key may use this model.'
        : 'Check the environment variable INFERENCE_GATE_API_KEY, and that the key may use this model.',
  }
}

/** By what the cloud says of it, as far as that tells what to set. */
const LOGIN: Readonly<Record<Cloud, (detail: string) => string>> = {
  aws: (detail) => {
    if (/expired/i.test(detail) && !/signature expired/i.test(detail)) {
      return 'The credentials ran out: run the login step right before this one, give it a longer `role-duration-seconds`, or leave it out and set AWS_ROLE_ARN in the `env` of this step, which is taken on as often as needed.'
    }
    if (/signature expired/i.test(detail))
      return 'Set the clock of the runner: AWS takes signatures of the last five minutes.'
    if (/region|service/i.test(detail)) {
      return 'Write the region and the service that the endpoint is signed for, as `auth: {cloud: aws, region: eu-west-1, service: bedrock}`.'
    }
    if (/token|signature/i.test(detail)) {
      return 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN have to be of one login: run the login step again, and set none of them by hand.'
    }
    return 'Let the role use this model: it needs bedrock:InvokeModelWithResponseStream, and the account access to the model.'
  },
  gcp: () =>
    'Give the identity the role Vertex AI User (roles/aiplatform.user) in the project of endpoint.url; a token that a step hands over lives for an hour at most.',
  azure: () =>
    'Give the application the role Cognitive Services OpenAI User on the resource of endpoint.url; it takes some minutes to count.',
}

function notFound(detail: string): Remedy {
  return /model/i.test(detail)
    ? {
        short: 'the endpoint does not know the model (HTTP 404)',
        remedy: 'Check endpoint.model: most servers list what they serve under /models.',
      }
    : {
        short: 'the endpoint does not know the path or the model (HTTP 404)',
        remedy: 'Check endpoint.url (it usually ends in /v1), endpoint.api and endpoint.model.',
      }
}

const INSTEAD: Readonly<Record<keyof typeof ANSWERED_INSTEAD, Remedy>> = {
  html: {
    short: 'the endpoint answers with a web page',
    remedy:
      'endpoint.url leads to a site, not to an API: it usually ends in /v1. A login page or a proxy may stand before it.',
  },
  json: {
    short: 'the endpoint does not stream',
    remedy:
      'Without a stream there is no first token to time. Check endpoint.api, and that server and proxies let `stream: true` through.',
  },
  compressed: {
    short: 'the answer is compressed',
    remedy:
      'Turn compression off for this path in the proxy or CDN: it holds tokens back, so their times cannot be seen.',
  },
}

function byOutcome(outcome: string, status: number | undefined): Remedy {
  switch (outcome) {
    case 'rate-limited':
      return {
        short: 'every request was rate-limited',
        remedy: 'Lower workload.concurrency or the arrival rate, or ask the provider for more.',
      }
    case 'dns':
      return unreachable('Check the host name in endpoint.url: it does not resolve from here.')
    case 'connect':
      return unreachable('Check that the endpoint is running and endpoint.url has the right port.')
    case 'proxy':
      return {
        short: 'the proxy refuses or cannot be reached',
        remedy:
          'The endpoint was not asked. Check HTTPS_PROXY and HTTP_PROXY of the runner, and that the proxy lets this host and port through; add an endpoint that is reached directly to NO_PROXY.',
      }
    case 'timeout-connect':
      return unreachable(
        'Nothing answered, not even with a refusal: check endpoint.url, firewalls and private networks.',
      )
    case 'tls':
      return {
        short: 'no secure connection could be made',
        remedy:
          'Check the scheme and the port in endpoint.url (https needs a port that speaks TLS), and the certificate.',
      }
    case 'timeout-first-token':
    case 'timeout-total':
    case 'timeout-idle':
      return {
        short: 'the endpoint hangs',
        remedy:
          'The connection is made and the answer does not come: look at the queue of the server. A model that needs longer gets it with workload.timeouts.',
      }
    case 'http-4xx':
      return {
        short: `the endpoint refuses the request${httpStatus(status)}`,
        remedy:
          'Its answer says why. Often a member of endpoint.body, or max_output_tokens, is one that this model does not take.',
      }
    case 'http-5xx':
      return {
        short: `the endpoint fails${httpStatus(status)}`,
        remedy: "Look at the endpoint's own logs, then run the gate again.",
      }
    default:
      return {
        short: 'no request completed',
        remedy: "Look at the errors by kind below and at the endpoint's own logs.",
      }
  }
}

function unreachable(remedy: string): Remedy {
  return { short: 'the endpoint is down or cannot be reached', remedy }
}

function httpStatus(status: number | undefined): string {
  return status === undefined ? '' : ` (HTTP ${status})`
}
