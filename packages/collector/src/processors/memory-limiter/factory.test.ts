import { expect, it } from 'vitest'
import { testContext, testHost } from '../../testing/context.js'
import { recordingConsumer } from '../../testing/recording-consumer.js'
import { sampleTraces } from '../../testing/sample-traces.js'
import { memoryLimiterProcessor } from './factory.js'

const MIB = 1024 * 1024

it('refuses for now while memory is short, says so, and takes batches again', async () => {
  const problems: (string | undefined)[] = []
  const used = process.memoryUsage()
  const limit = (used.heapUsed + used.external) / MIB + 200
  const next = recordingConsumer()
  const config = memoryLimiterProcessor.configSchema.parse({
    check_interval: '5ms',
    limit_mib: limit,
    spike_limit_mib: 50,
  })
  const context = {
    ...testContext('memory_limiter'),
    reportProblem: (problem: string | undefined) => void problems.push(problem),
  }
  const limiter = memoryLimiterProcessor.create(config, context, next)
  await limiter.start?.(testHost())
  await limiter.consumeTraces(sampleTraces(1))

  let ballast: Buffer[] = Array.from({ length: 4 }, () => Buffer.alloc(60 * MIB))
  await expect.poll(() => problems.at(-1), { timeout: 20_000 }).toBe('memory is short')
  await expect(limiter.consumeTraces(sampleTraces(1))).rejects.toMatchObject({
    name: 'RetryableError',
    retryAfterMs: 5,
  })
  expect(ballast).toHaveLength(4)

  ballast = []
  await expect.poll(() => problems.length, { timeout: 20_000 }).toBe(2)
  await limiter.consumeTraces(sampleTraces(1))
  expect(next.spans).toHaveLength(2)
  await limiter.shutdown?.()
})

it('needs a limit', () => {
  expect(memoryLimiterProcessor.configSchema.safeParse({}).error?.issues[0]?.message).toBe(
    'expected a limit: limit_mib or limit_percentage',
  )
})
