import { ApiError } from '../api-client.js';
import { explainProblem } from './explain-problem.js';

function explained(status: number, body: string) {
  const { message, lines, hint } = explainProblem(new ApiError('GET /', status, body));
  return { message, lines, hint };
}

describe('explainProblem', () => {
  it('tells a problem in one line and each of its faults in another', () => {
    const faults = [{ path: '$.name', message: 'It is missing.', hint: 'did you mean `nmae`?' }];
    const missing = [{ variable: 'ticket.id', recipients: 3, examples: ['a', 'b'] }];
    const problem = { title: 'Not valid', detail: 'It has faults.', faults, missing };
    expect(explained(422, JSON.stringify(problem))).toEqual({
      message: 'Not valid: It has faults.',
      lines: [
        '  $.name: It is missing. did you mean `nmae`?',
        '  ticket.id: missing for 3 of the recipients, such as a, b',
      ],
      hint: undefined,
    });
  });

  it('knows what helps where the key is refused', () => {
    expect(explained(401, '{"title":"A key is required"}').hint).toContain('CAMPAIGN_API_KEY');
  });

  it.each(['<html>', '', 'null', '[]'])('copes with %j from something that is not our api', (body) => {
    expect(explained(502, body)).toEqual({ message: 'The api answered with status 502.', lines: [], hint: undefined });
  });
});
