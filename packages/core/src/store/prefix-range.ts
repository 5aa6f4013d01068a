/** Every id that begins with `<parent>/`: a range that the `_id` index serves, since `0` follows `/`. */
export function childrenOf(parent: string): { $gt: string; $lt: string } {
  return { $gt: `${parent}/`, $lt: `${parent}0` };
}
