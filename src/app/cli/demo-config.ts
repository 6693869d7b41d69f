// The config of the demonstration, as text, so that what it shows is what a person would write.

export type DemoChange = { readonly url: string; readonly body?: string }

export function demoConfig({ url, body }: DemoChange): string {
  return `# The endpoint of the demonstration: simulated, on this machine, without a key.
gates:
  chat:
    endpoint:
      url: ${url}
      model: simulated-chat
${body === undefined ? '' : `      body: ${body}\n`}    workload:
      requests: 280
      concurrency: 8
      max_output_tokens: 12
      # Client and endpoint share this machine here, and other programs may keep it busy.
      max_client_delay: 150ms
    limits:
      ttft_p50: {increase: 10%, must_detect: 20%}
      ttft_p95: {increase: 15%, must_detect: 40%}
    prices: {input: $0.60/M, output: $2.40/M}
budget: {cost: $2.00, requests: 4000}
# A simulated endpoint has no bad minute: its fails need no second measurement.
confirm: none
`
}
