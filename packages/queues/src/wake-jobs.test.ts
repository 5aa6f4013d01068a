import { wakeJobs } from './wake-jobs.js';

const one = (conversation_id: string) => ({ name: 'advance', payload: { conversation_id } });
const several = (campaign_id: string, ...conversation_ids: string[]) => ({
  name: 'advance-batch',
  payload: { campaign_id, conversation_ids },
  urgent: true,
});

it.each<[string, string[], object[]]>([
  ['nobody needs none', [], []],
  ['one conversation has a job of its own', ['c/a'], [one('c/a')]],
  ['several of one campaign share one', ['c/a', 'c/b'], [several('c', 'c/a', 'c/b')]],
  ['each campaign has its own', ['c/a', 'd/a', 'c/b'], [several('c', 'c/a', 'c/b'), one('d/a')]],
  ['no job is larger than a batch', ['c/1', 'c/2', 'c/3', 'c/4'], [several('c', 'c/1', 'c/2', 'c/3'), one('c/4')]],
  ['one that is named twice is woken once', ['c/a', 'c/a'], [one('c/a')]],
])('%s', (_, ids, jobs) => {
  expect(wakeJobs(ids, 3)).toEqual(jobs);
});
