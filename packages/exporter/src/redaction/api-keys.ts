import { type Detector, patternDetector } from './detector.js'

/** Shapes that issuers document, or that secret scanners agree on; each begins with its own prefix. */
const SHAPES: readonly string[] = [
  String.raw`sk-[A-Za-z0-9_-]{20,}`, // OpenAI, Anthropic (sk-ant-), OpenRouter (sk-or-), DeepSeek
  String.raw`(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}`, // Stripe
  String.raw`whsec_[A-Za-z0-9+/=]{16,}`, // Stripe, Svix
  String.raw`gh[pousr]_[A-Za-z0-9]{30,}`, // GitHub
  String.raw`github_pat_[A-Za-z0-9_]{22,}`,
  String.raw`gl(?:pat|dt|rt|ptt|cbt|soat|agent|ft|imt|oas)-[A-Za-z0-9_-]{20,}`, // GitLab
  String.raw`xox[abeoprs]-[A-Za-z0-9-]{10,}`, // Slack
  String.raw`xapp-\d-[A-Za-z0-9-]{10,}`,
  String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])`, // AWS
  String.raw`AIza[A-Za-z0-9_-]{35}`, // Google
  String.raw`ya29\.[A-Za-z0-9_-]{20,}`,
  String.raw`GOCSPX-[A-Za-z0-9_-]{20,}`,
  String.raw`SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`, // SendGrid
  String.raw`npm_[A-Za-z0-9]{36}`,
  String.raw`pypi-[A-Za-z0-9_-]{50,}`,
  String.raw`rubygems_[a-f0-9]{48}`,
  String.raw`dop_v1_[a-f0-9]{64}`, // DigitalOcean
  String.raw`hf_[A-Za-z0-9]{30,}`, // Hugging Face
  String.raw`r8_[A-Za-z0-9]{30,}`, // Replicate
  String.raw`gsk_[A-Za-z0-9]{30,}`, // Groq
  String.raw`xai-[A-Za-z0-9]{40,}`,
  String.raw`pplx-[A-Za-z0-9]{40,}`,
  String.raw`tvly-[A-Za-z0-9-]{20,}`, // Tavily
  String.raw`shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}`, // Shopify
  String.raw`sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}`, // Square
  String.raw`hv[sb]\.[A-Za-z0-9_-]{24,}`, // HashiCorp Vault
  String.raw`glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}`, // Grafana
  String.raw`lin_api_[A-Za-z0-9]{32,}`, // Linear
  String.raw`(?:ntn|secret)_[A-Za-z0-9]{40,}`, // Notion
  String.raw`PMAK-[a-f0-9]{24}-[a-f0-9]{34}`, // Postman
  String.raw`dapi[a-f0-9]{32}`, // Databricks
  String.raw`figd_[A-Za-z0-9_-]{36,}`, // Figma
  String.raw`sntry[su]_[A-Za-z0-9+/=_-]{40,}`, // Sentry
  String.raw`sbp_[a-f0-9]{40}`, // Supabase
  String.raw`AGE-SECRET-KEY-1[A-Z0-9]{58}`,
  String.raw`(?:AC|SK)[a-f0-9]{32}(?![A-Za-z0-9])`, // Twilio
  String.raw`key-[a-f0-9]{32}(?![A-Za-z0-9])`, // Mailgun
  String.raw`\d{8,10}:AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])`, // Telegram
]

/** API keys and tokens of well-known shapes. */
export const apiKey: Detector = patternDetector({
  name: 'api_key',
  hint: /[-_.:]|A[KSBC]I?[AC]|AIza|AC[a-f0-9]|SK[a-f0-9]|dapi/,
  pattern: new RegExp(String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:${SHAPES.join('|')})`),
  tail: /[A-Za-z0-9_-]+/y,
})
