import { flag, group, mapping, type Node, text } from './node.js';

interface Store {
  readonly name: string;
  readonly image: string;
  readonly size: string;
  readonly memory: { readonly requests: string; readonly limits: string };
}

/** A small server within the chart, for trial installs. */
export function storeValues({ name, image, size, memory }: Store): Node {
  return group(`A small ${name} of one pod, for trial installs.`, {
    enabled: flag(`Runs it. Without it \`config\` or \`existingSecret\` names a ${name}.`, false),
    image: text('The official image.', image, { minLength: 1 }),
    existingSecret: text(
      'A Secret with the key `password`, of letters and digits. Empty: the chart makes one, and upgrades keep it.',
    ),
    persistence: group('A volume that outlives the pod, and an uninstall.', {
      enabled: flag('Without it everything is gone with the pod.', true),
      size: text('How large the volume is.', size, { pattern: '^[0-9]+(Mi|Gi|Ti)$' }),
      storageClassName: text("The volume's StorageClass; empty: the cluster's default."),
    }),
    resources: mapping('Requests and limits.', {
      requests: { cpu: '100m', memory: memory.requests },
      limits: { memory: memory.limits },
    }),
  });
}
