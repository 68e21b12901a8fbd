import { describe, expect, it } from 'vitest'
import type { DetectorName } from './detectors.js'
import { createRedactor } from './redactor.js'

interface Corpus {
  /** Text with the secret between guillemets. */
  secrets: string[]
  /** What looks alike, and must come through unchanged. */
  lookalikes: string[]
}

/** Put together at run time, so that scanners of this repository find nothing. */
const key = (prefix: string, tail: string): string => `«${prefix}${tail}»`
const B64 = 'Abc1Def2Ghi3Jkl4Mno5Pqr6Stu7Vwx8Yz90Abc1Def2Ghi3Jkl4'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'

const CORPUS: Record<DetectorName, Corpus> = {
  email: {
    secrets: [
      'write to «jane.doe@example.com», please',
      '<«o_brien+tag@mail.example.co.uk»>',
      '"«a@b.io»"',
      'mailto:«jane@example.museum»?subject=x',
      'line\\n«jane@example.com»\\nnext',
      'ends a sentence: «jane@example.com».',
      '«jürgen@müller.de»',
      '«x@sub.domain.example.com»,«y@example.org»',
      'path/«jane@example.com»/x',
    ],
    lookalikes: [
      'icon@2x.png and icon@3x.webp',
      'npm i @scope/pkg@1.2.3',
      'git@github.com:org/repo.git',
      'user@localhost',
      '@mention and @another.one',
      'a @ b',
      'pkg@latest',
      '@media (min-width: 1px)',
      'jane@',
      'jane@.com',
      'app@1.0.0.tgz',
    ],
  },
  credit_card: {
    secrets: [
      'card «4111111111111111»',
      '«4111 1111 1111 1111»',
      '«4111-1111-1111-1111».',
      '«378282246310005» amex',
      '«3782 822463 10005»',
      '«5555555555554444»',
      '«6011111111111117»',
      '«3530111333300000»',
      '«30569309025904»',
      '{"n":«4012888888881881»}',
      'line\\n«4111111111111111»\\n',
      '«2223003122003222»',
      'a,«4111111111111111»,b',
      'card«4111111111111111»',
      'x.«4111111111111111»',
    ],
    lookalikes: [
      '4111111111111112',
      '1700000000000',
      '1732300000000000',
      '0.4111111111111111',
      '41111111-1111-1111-1111-111111111111',
      'a4111111111111111f',
      '4111 1111 1111 1112',
      '9999999999999995',
      '123456789012',
      '4111111111111111.5',
      '2024-01-15T10:00:00.000Z',
    ],
  },
  jwt: {
    secrets: [`x «${JWT}» y`, `?t=«${JWT}»&x=1`, `line\\n«${JWT}»`, '«eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.»'],
    lookalikes: ['eyJ is how they begin', 'eyJhbGciOiJIUzI1NiJ9', 'keyJustAWord.withADot.andAnother', 'a.b.c'],
  },
  bearer: {
    secrets: [
      'sent «Bearer abc123def456»',
      'curl -H "X: «bearer mF_9.B5f-4.1JqM»"',
      '«Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==»',
      '«Bearer%20abc123def456»',
      'line\\n«Bearer abc123def456»',
    ],
    lookalikes: [
      'Basic authentication is used',
      'the bearer certificates',
      'bearer of bad news',
      'Basic principles',
      'forbearer abc123def456',
    ],
  },
  api_key: {
    secrets: [
      key('sk-', B64),
      key('sk-ant-api03-', B64),
      key('sk_live_', B64.slice(0, 24)),
      key('ghp_', B64.slice(0, 36)),
      key('github_pat_', B64),
      key('glpat-', B64.slice(0, 20)),
      key('xoxb-', '1234567890-abcdefghij'),
      key('AKIA', 'IOSFODNN7EXAMPLE'),
      key('AIza', `${B64.slice(0, 34)}_`),
      key('ya29.', B64),
      key('SG.', `${B64.slice(0, 22)}.${B64.slice(0, 43)}`),
      key('npm_', B64.slice(0, 36)),
      key('hf_', B64.slice(0, 34)),
      key('shpat_', 'a'.repeat(32)),
      key('hvs.', B64),
      key('lin_api_', B64.slice(0, 40)),
      key('12345678:AA', B64.slice(0, 33)),
      `KEY=${key('dop_v1_', 'a1'.repeat(32))}`.replace('KEY=', 'x '),
      `line\\n${key('ghp_', B64.slice(0, 36))}\\n`,
    ],
    lookalikes: [
      'sk-learn and task-force-one-hundred-and-one',
      'risk-assessment-of-the-whole-project',
      'AKIA is a prefix',
      'ghp_short',
      'xoxb-',
      'npm_config_registry',
      'SG.',
      'hf_hub_download',
      'disk-usage-report-2024-11-22-final',
      'd41d8cd98f00b204e9800998ecf8427e',
      'secret_santa_list',
    ],
  },
  private_key: {
    secrets: [
      'x «-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----» y',
      '«-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----»',
      '«-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk»',
      '«-----BEGIN PGP PRIVATE KEY BLOCK-----\nxcLYBF\n-----END PGP PRIVATE KEY BLOCK-----»',
    ],
    lookalikes: [
      '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
      '-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----',
      '----- BEGIN of the list -----',
    ],
  },
  password: {
    secrets: ['postgres://«admin:hunter2»@db.example/x', 'https://«:tok3n»@host/'],
    lookalikes: ['http://host:8080/path', 'https://user@host/', 'https://host/a:b@c', 'see http://x and a:b@c'],
  },
  phone: {
    secrets: [
      'call «+49 30 901820»',
      '«+14155552671»',
      '«(415) 555-2671»',
      '«415-555-2671» now',
      '«+44 20 7946 0958».',
      '«415.555.2671»',
    ],
    lookalikes: ['2024-11-22', '10.0.0.1', '1.2.3', '+1 of 12', '12345678901', '555-2671', '2024-11-22 10:15:00'],
  },
  ip: {
    secrets: ['from «192.168.1.10»', '«10.0.0.1»:8080', '[«2001:db8::1»]', '«fe80::1ff:fe23:4567:890a»', '«8.8.8.8».'],
    lookalikes: ['1.2.3', '12:34:56', 'std::vector', '1.2.3.4.5', '300.1.1.1', 'a::b', '::', 'v10.0.0.1-rc'],
  },
}

describe.each(Object.entries(CORPUS) as [DetectorName, Corpus][])('%s', (name, { secrets, lookalikes }) => {
  const only = Object.fromEntries(Object.keys(CORPUS).map((other) => [other, other === name]))
  const redactor = createRedactor({ detectors: only })

  it.each(secrets)('finds %s', (marked) => {
    const expected = marked.replace(/«[^»]*»/g, `[REDACTED:${name}]`)
    expect(redactor.text(marked.replace(/[«»]/g, ''))).toBe(expected)
  })

  it.each(lookalikes)('leaves %s', (text) => {
    expect(redactor.text(text)).toBe(text)
  })
})

it('names what it finds once, where detectors overlap', () => {
  const redactor = createRedactor()
  expect(redactor.text(`a Bearer ${JWT} b`)).toBe('a [REDACTED:bearer] b')
})

it('leaves phone numbers and addresses unless asked', () => {
  const text = 'call +49 30 901820 from 10.0.0.1'
  expect(createRedactor().text(text)).toBe(text)
  expect(createRedactor({ detectors: { phone: true, ip: true } }).text(text)).toBe(
    'call [REDACTED:phone] from [REDACTED:ip]',
  )
})

it('finds secrets wherever they lie in a long text', () => {
  const redactor = createRedactor()
  for (const offset of [16_384 - 3, 16_384, 16_384 + 3, 2 * 16_384 - 10]) {
    const text = `${'lorem ipsum '.repeat(5000).slice(0, offset)} jane@example.com ${JWT} ${'x '.repeat(2000)}`
    const clean = redactor.text(text)
    expect(clean).not.toContain('jane@')
    expect(clean).not.toContain('eyJ')
    expect(clean.length).toBe(
      text.length - 'jane@example.com'.length - JWT.length + '[REDACTED:email][REDACTED:jwt]'.length,
    )
  }
})

it('takes a secret longer than a window whole', () => {
  const long = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(60_000)}.c2ln`
  expect(createRedactor().text(`x ${long} y`)).toBe('x [REDACTED:jwt] y')
})
