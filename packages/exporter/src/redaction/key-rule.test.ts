import { expect, it } from 'vitest'
import { createKeyRule, wordsOf } from './key-rule.js'

const SECRET = `apiKey api_key API_KEY api-key X-Api-Key apikey x_api_keys Authorization authorizationHeader
  Proxy-Authorization auth password Password user_password passwordConfirmation password2 passwd pwd PGPASSWORD_FILE_PASSWORD
  dbPassword secret clientSecret client_secret AWS_SECRET_ACCESS_KEY secretAccessKey privateKey private_key
  accessToken access_token refresh-token idToken token authToken bearer sessionCookie Set-Cookie cookie cookies
  credentials credential pin pinCode PIN otp cvv cvc ssn socialSecurityNumber creditCard credit_card_number
  cardNumber connectionString jwt csrfToken encryption_key http.request.header.authorization mcpcat.tag.api_key
  MY_DB_PASS passphrase getHTTPApiKey token1`.split(/\s+/)

const PLAIN =
  `shipping author authors authority pinned pinging spinning opinion tokenCount max_tokens tokens inputTokens
  nextPageToken next_page_token pageToken progressToken continuationToken secretary secretariat key keys keyboard monkey
  primaryKey foreign_key sortKey publicKey description cookiePolicy authorizationUrl authorization_endpoint oauth
  session session_id sessionId passenger compass bypass pass passed passing name value id hash card category
  cardinality basic basicInfo tokenizer tokenType auth_type credentialed mcp.session.id`.split(/\s+/)

const isSecret = createKeyRule()

it.each(SECRET)('%s is a secret', (key) => expect(isSecret(key)).toBe(true))
it.each(PLAIN)('%s is none', (key) => expect(isSecret(key)).toBe(false))

it('takes further names by their words, and expressions', () => {
  const rule = createKeyRule({ secretKeys: ['patient id', /^x-internal/gi] })
  expect(['patientId', 'patient_id', 'old_patient_id', 'X-Internal-Thing', 'x-internal-other'].map(rule)).toEqual(
    Array.from({ length: 5 }, () => true),
  )
  expect(rule('patientIdentity')).toBe(false)
})

it('leaves names that are declared plain', () => {
  const rule = createKeyRule({ plainKeys: ['auth'] })
  expect(rule('auth')).toBe(false)
  expect(rule('authToken')).toBe(true)
})

it('splits names into words', () => {
  expect(wordsOf('getHTTPApiKey_2-x')).toEqual(['get', 'http', 'api', 'key', '2', 'x'])
})
