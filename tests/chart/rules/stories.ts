import { lateness } from './lateness.js';
import { messages } from './messages.js';
import { peopleAndStores } from './people-and-stores.js';
import { presence } from './presence.js';
import type { Stories, Story } from './story.js';

export const stories: Stories = {
  ...presence,
  ...lateness,
  ...messages,
  ...peopleAndStores,
};

/** The same story in a namespace of Kubernetes. */
export function inNamespace(namespace: string, { given, ...story }: Story): Story {
  const series = given.flat();
  return { ...story, given: series.map((each) => ({ ...each, labels: { ...each.labels, namespace } })) };
}
