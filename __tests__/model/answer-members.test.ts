import { describe, expect, it } from '@jest/globals'
import { answerMembers, withAnswerMembersOf } from '../../src/model/answer-members.ts'

describe('members of a body that decide how long an answer gets', () => {
  it('are found at the top and among settings of generation, in any spelling', () => {
    const body = {
      stop: ['a'],
      temperature: 0,
      options: { num_ctx: 9, stop: 'b' },
      generationConfig: { stopSequences: ['c'], topP: 1 },
    }
    expect(answerMembers(body)).toEqual({
      stop: ['a'],
      'options.stop': 'b',
      'generationConfig.stopSequences': ['c'],
    })
  })

  it('are the other body’s, and everything else stays', () => {
    const own = { stop: ['a'], temperature: 0, options: { stop: 'b', num_ctx: 9 } }
    expect(withAnswerMembersOf(own, {})).toEqual({ temperature: 0, options: { num_ctx: 9 } })
    expect(withAnswerMembersOf({ temperature: 0 }, { ...own, temperature: 1 })).toEqual({
      temperature: 0,
      stop: ['a'],
      options: { stop: 'b' },
    })
    expect(withAnswerMembersOf(own, own)).toEqual(own)
  })

  it('are none of a plain body, which stays as it is', () => {
    const body = { temperature: 0, top_p: 1 }
    expect(answerMembers(body)).toEqual({})
    expect(withAnswerMembersOf(body, { temperature: 1 })).toEqual(body)
  })
})
