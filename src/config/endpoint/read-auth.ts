// Who asks, where a cloud's own login says so: the region and the service that AWS signs for, the scope of
// an Entra token. What the login left in the environment is not looked at here, but for AWS's region.

import { awsPlaceOf, azureScopeOf, type CloudLogin } from '../../model/cloud.ts'
import type { RawAuth } from '../raw-config.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { refuseReferences } from './fill-environment.ts'

type AuthPlace = {
  readonly reading: ConfigReading
  /** The endpoint's, filled in. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Headers that say who asks. */
const WHO_ASKS = /^(authorization|x-api-key|x-goog-api-key|api-key)$/

/** Undefined where no cloud vouches for the requests. */
export function readAuth(raw: RawAuth, path: Path, asked: AuthPlace): CloudLogin | undefined {
  const { cloud, ...settings } = typeof raw === 'string' ? { cloud: raw } : raw
  if (cloud === 'none') return undefined
  refuseForeign(cloud, settings, { path, asked })
  for (const [member, text] of Object.entries(settings)) {
    if (text !== undefined) refuseReferences(text, [...path, member], asked.reading)
  }
  const header = Object.keys(asked.headers).find((name) => WHO_ASKS.test(name))
  if (header !== undefined) {
    const message = `\`auth: ${cloud}\` and the header ${header} both say who asks; take one of them out`
    asked.reading.report({ path, message })
  }
  switch (cloud) {
    case 'aws':
      return awsLogin(settings, path, asked)
    case 'gcp':
      return { cloud }
    case 'azure':
      return { cloud, scope: settings.scope ?? azureScopeOf(asked.url) }
  }
}

type Settings = { readonly region?: string; readonly service?: string; readonly scope?: string }

const OWN_SETTINGS = { aws: ['region', 'service'], gcp: [], azure: ['scope'] } as const

function refuseForeign(
  cloud: CloudLogin['cloud'],
  settings: Settings,
  { path, asked }: { readonly path: Path; readonly asked: AuthPlace },
): void {
  const legal: readonly string[] = OWN_SETTINGS[cloud]
  for (const member of Object.keys(settings)) {
    if (legal.includes(member)) continue
    const instead = legal.length === 0 ? 'it has no settings' : `legal: ${legal.join(', ')}`
    const message = `\`${member}\` means nothing to ${cloud}; ${instead}`
    asked.reading.report({ path: [...path, member], message, pointAt: 'key' })
  }
}

function awsLogin(settings: Settings, path: Path, { reading, url }: AuthPlace): CloudLogin {
  const place = awsPlaceOf(url)
  const ofJob = regionOf(reading.env)
  const region = settings.region ?? place?.region
  const service = settings.service ?? place?.service
  const report = (message: string) => reading.report({ path, message })
  if (region === undefined || service === undefined) {
    const host = URL.canParse(url) ? new URL(url).host : 'the url'
    report(
      `\`auth: aws\` signs for a region and a service, and ${host} names neither; write \`auth: {cloud: aws, region: eu-west-1, service: bedrock}\` with your own`,
    )
  } else if (place !== undefined && place.region !== region) {
    report(
      `\`auth\` signs for the region ${region}, but the url is in ${place.region}; take \`region\` out, or correct the url`,
    )
  } else if (settings.region === undefined && reading.unsetEnv === 'refuse' && ofJob !== '') {
    if (ofJob !== region) report(elsewhere(region, ofJob))
  }
  return { cloud: 'aws', region: region ?? ofJob, service: service ?? '' }
}

function elsewhere(region: string, ofJob: string): string {
  return `the url is in the region ${region}, but the job is logged in to ${ofJob} (AWS_REGION); set \`aws-region: ${region}\` in the login step, or write \`auth: {cloud: aws, region: ${region}}\` where that is meant`
}

/** As AWS's own programs look for it; empty where it is not set. */
function regionOf(env: ConfigReading['env']): string {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || ''
}
