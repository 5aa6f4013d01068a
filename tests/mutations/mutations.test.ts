interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly killedBy: readonly { readonly file: string; readonly name: string }[];
}

interface Verdict {
  readonly ok: boolean;
  readonly why?: string;
}

const catalog: readonly Mutation[] = require('./catalog.cjs');
const { mutate, findDrift, mutationNamed } = require('./mutate.cjs') as {
  mutate(mutation: Mutation, source: string): string;
  findDrift(mutation: Mutation): string[];
  mutationNamed(name: string): Mutation;
};
const { greenWithout, redWith } = require('./judge.cjs') as Record<
  'greenWithout' | 'redWith',
  (report: unknown, test: { file: string; name: string }) => Verdict
>;

const mutation: Mutation = {
  name: 'lock',
  file: 'packages/core/src/store/gate.ts',
  find: 'if (locked) return;',
  replace: '',
  killedBy: [{ file: 'tests/mutations/mutations.test.ts', name: 'a name' }],
};

describe('the catalog', () => {
  it.each(catalog.map((one) => [one.name, one] as const))('fits the sources: %s', (_, one) => {
    expect(findDrift(one)).toEqual([]);
    expect(one.replace).not.toContain(one.find);
    expect(one.killedBy.length).toBeGreaterThan(0);
  });

  it('has every name once', () => {
    const names = catalog.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a mutation', () => {
  it('takes its text away and leaves the rest', () => {
    expect(mutate(mutation, 'open();\nif (locked) return;\ngo();')).toBe('open();\n\ngo();');
  });

  it.each([
    [0, 'if (isLocked) return;'],
    [2, 'if (locked) return; if (locked) return;'],
  ])('whose text occurs %i times says what to do', (times, source) => {
    expect(() => mutate(mutation, source)).toThrow(
      new RegExp(
        `"lock" expects its text exactly once in packages/core/src/store/gate.ts, but found it ${times} times`,
      ),
    );
  });

  it('that names a file which is gone says so', () => {
    expect(findDrift({ ...mutation, file: 'packages/gone.ts' })).toEqual([
      'The mutation "lock" names packages/gone.ts, which does not exist.',
    ]);
  });

  it('that is not in the catalog is refused with those that are', () => {
    expect(() => mutationNamed('fense')).toThrow(/no mutation "fense".* fence, /);
  });
});

describe('a test without its protection', () => {
  const file = 'tests/some.test.ts';
  const judged = { file, name: 'a name' };
  const report = (one: object) => ({
    testResults: [
      {
        name: `/somewhere/${file}`,
        message: 'Test suite failed to run',
        assertionResults: [{ fullName: 'a name', status: 'failed', failureMessages: [], failureDetails: [], ...one }],
      },
    ],
  });

  it('is red when its expectation is not met, or what it awaits does not come', () => {
    const expectation = report({ failureMessages: ['Error: expect(...)'], failureDetails: [{ matcherResult: {} }] });
    const awaited = report({ failureMessages: ['UntilTimeoutError: Waited'], failureDetails: [{}] });
    expect([redWith(expectation, judged), redWith(awaited, judged)]).toEqual([{ ok: true }, { ok: true }]);
    expect(greenWithout(expectation, judged).ok).toBe(false);
  });

  it.each([
    ['passes', report({ status: 'passed' }), /does not notice/],
    ['is skipped', report({ status: 'pending' }), /does not notice/],
    ['throws', report({ failureMessages: ['TypeError: x'], failureDetails: [{}] }), /not by an expectation/],
    ['is stopped by Jest', report({ failureMessages: ['Error: Exceeded'], failureDetails: [{}] }), /not by an expect/],
    ['has another name', report({ fullName: 'other' }), /no test of this name/],
    [
      'does not compile',
      { testResults: [{ name: `/x/${file}`, message: 'Syntax Error', assertionResults: [] }] },
      /did not run: Syntax Error/,
    ],
    ['was not run', { testResults: [] }, /did not run the file/],
    ['hangs', { broken: 'Jest was stopped after 90 s.' }, /Jest gave no report: Jest was stopped/],
  ])('has proved nothing when it %s', (_, given, why) => {
    expect(redWith(given, judged)).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  it('is green with it only when it passes', () => {
    expect(greenWithout(report({ status: 'passed' }), judged)).toEqual({ ok: true });
    expect(greenWithout(report({ status: 'pending' }), judged).ok).toBe(false);
  });
});
