const MAX_VALUES = 200;
const MAX_CHARACTERS = 128;
const OTHER = 'other';

type Labels = Readonly<Record<string, string>>;

/**
 * Bounds what user input (names of types and stages) can do to one metric: each label keeps the first 200 values it
 * sees, cut to 128 characters; all later ones become `other`.
 */
export function createLabelLimit(): (labels: Labels) => Labels {
  const seen = new Map<string, Set<string>>();

  function limited(name: string, value: string): string {
    const values = seen.get(name) ?? new Set();
    seen.set(name, values);
    const short = value.slice(0, MAX_CHARACTERS);
    if (values.has(short)) return short;
    if (values.size >= MAX_VALUES) return OTHER;
    values.add(short);
    return short;
  }

  const isKnown = (labels: Labels) => {
    for (const name in labels) if (!seen.get(name)?.has(labels[name] ?? '')) return false;
    return true;
  };

  return (labels) =>
    isKnown(labels)
      ? labels
      : Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, limited(name, value)]));
}
