/** What tensors a session has, by its description: one without a name, with a `size`, or `tensors` by name. */

/** @returns {[string, number[]][]} names and shapes; the name of the one without is empty */
export function shapesOf(description) {
  return description.tensors
    ? Object.entries(description.tensors).map(([name, { shape }]) => [name, shape])
    : [['', description.shape ?? [description.size]]];
}

/** @returns {number} of elements in all tensors */
export function elementsOf(description) {
  return shapesOf(description).reduce((sum, [, shape]) => sum + elements(shape), 0);
}

/** @returns {number} of elements that one index names: an index is an entry along the first axis */
export function elementsOfEntry(shape) {
  return elements(shape.slice(1));
}

/** @returns {string} such as `784 × 128`, or `number` for a bare one */
export function shapeText(shape) {
  return shape.length === 0 ? 'number' : shape.map(length => length.toLocaleString('en')).join(' × ');
}

/** @returns {string} all of a session's tensors in a few words */
export function shapesText(description) {
  const shapes = shapesOf(description);
  return shapes.length === 1 ? shapeText(shapes[0][1])
    : `${shapes.length} tensors, ${elementsOf(description).toLocaleString('en')} elements`;
}

function elements(shape) {
  return shape.reduce((product, length) => product * length, 1);
}
