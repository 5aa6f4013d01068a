import { mapping, type Node, type Nodes, objects, text, texts } from './node.js';

/** What every kind of pod takes. */
export function podValues(resources: object, resourcesNote = 'Requests and limits.'): Nodes {
  return {
    resources: mapping(resourcesNote, resources),
    podAnnotations: texts('Annotations of the pods.'),
    nodeSelector: texts('Labels of the nodes that the pods may run on.'),
    tolerations: objects('Taints that the pods tolerate.'),
    affinity: mapping('Affinity of the pods.'),
    priorityClassName: text('The PriorityClass of the pods.'),
  };
}

export const topologySpread: Node = objects(
  'Constraints on how the pods are spread; empty: over nodes and zones, where that is possible.',
);
