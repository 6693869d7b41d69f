// Who asks, where a cloud's own login says so instead of a key, and which addresses are that cloud's: what
// a login leaves behind may open far more than an endpoint, so it goes nowhere else unasked.

export const CLOUDS = ['aws', 'gcp', 'azure'] as const
export type Cloud = (typeof CLOUDS)[number]

export type CloudLogin =
  /** Requests are signed (SigV4) for a region and a service. */
  | { readonly cloud: 'aws'; readonly region: string; readonly service: string }
  /** A Google access token. */
  | { readonly cloud: 'gcp' }
  /** An Entra token for a scope. */
  | { readonly cloud: 'azure'; readonly scope: string }

/** What a request is made of, as far as it can be vouched for. Header names are in lower case. */
export type SignableRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The headers with which to send it. Never waits: a token that runs out is renewed beside the load. */
export type Authorize = (request: SignableRequest) => SignableRequest['headers']

/**
 * Where only the cloud itself answers. A name below `amazonaws.com` or `azure-api.net` may be anybody's
 * gateway, so the services are named one by one.
 */
const OWN_HOSTS: Readonly<Record<Cloud, RegExp>> = {
  aws: /^(([\w-]+\.)*bedrock-runtime(-fips)?\.[\w-]+(\.vpce)?|runtime(-fips)?\.sagemaker\.[\w-]+)\.amazonaws\.com(\.cn)?$|^bedrock-mantle\.[\w-]+\.api\.aws$/,
  gcp: /^([\w-]+-)?aiplatform(\.[\w-]+\.rep)?\.googleapis\.com$|^generativelanguage\.googleapis\.com$/,
  azure: /^[\w-]+\.(openai|cognitiveservices|services\.ai)\.azure\.(com|us)$/,
}

/** https on its own port at one of the cloud's own services. */
export function isOfCloud(url: string, cloud: Cloud): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, port, hostname } = new URL(url)
  return protocol === 'https:' && port === '' && OWN_HOSTS[cloud].test(hostname)
}

const BEDROCK = /(?:^|\.)bedrock-runtime(?:-fips)?\.([\w-]+)(?:\.vpce)?\.amazonaws\.com(?:\.cn)?$/
const SAGEMAKER = /^runtime(?:-fips)?\.sagemaker\.([\w-]+)\.amazonaws\.com(?:\.cn)?$/

/** What an address of AWS says of itself; undefined where it says nothing. */
export function awsPlaceOf(
  url: string,
): { readonly region: string; readonly service: string } | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  const bedrock = BEDROCK.exec(hostname)?.[1]
  if (bedrock !== undefined) return { region: bedrock, service: 'bedrock' }
  const sagemaker = SAGEMAKER.exec(hostname)?.[1]
  return sagemaker === undefined ? undefined : { region: sagemaker, service: 'sagemaker' }
}

/** What Azure's models ask for in a token, in the cloud that the address is in. */
export function azureScopeOf(url: string): string {
  const isGovernment = URL.canParse(url) && new URL(url).hostname.endsWith('.azure.us')
  return `https://cognitiveservices.azure.${isGovernment ? 'us' : 'com'}/.default`
}
