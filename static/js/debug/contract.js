// @ts-check
/** What can be asked, from the server's AsyncAPI document. */

/** @typedef {{name: string, type: string, isRequired: boolean, example: any}} Field */
/** @typedef {{name: string, sentence: string, example: any, fields: Field[]}} Command */

/** @param {string} url of the document @returns {Promise<Command[]>} by name */
export async function commandsOf(url) {
  const document = await (await fetch(url)).json();
  const operations = Object.values(document.operations).filter(({ action }) => action === "receive");
  return operations.map((operation) => commandOf(operation, document)).sort((a, b) => a.name.localeCompare(b.name));
}

/** @param {any} operation @param {any} document @returns {Command} */
function commandOf({ title, description, messages }, document) {
  const { payload, examples } = resolve(messages[0], document);
  const schema = resolve(payload.properties.data, document);
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, kind]) => ({
    name,
    type: words(kind),
    isRequired: required.has(name),
    example: exampleOf(kind, document),
  }));
  return { name: title, sentence: description, example: examples[0].payload.data, fields };
}

/** What a `$ref` stands for. @param {any} schema @param {any} document */
function resolve(schema, document) {
  if (!schema.$ref) return schema;
  return schema.$ref.slice(2).split("/").reduce((/** @type {any} */ place, /** @type {string} */ step) => place[step], document);
}

/** The type of a field, as people say it. @param {any} schema @returns {string} */
function words(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.anyOf) return schema.anyOf.map(words).join(" | ");
  if (schema.items) return `[${words(schema.items)}]`;
  return schema.format ?? schema.type ?? "any";
}

/** Something to start from. @param {any} schema @param {any} document @returns {any} */
function exampleOf(schema, document) {
  const { default: usual, enum: choices, anyOf, type } = resolve(schema, document);
  if (usual !== undefined && usual !== null) return usual;
  if (choices) return choices[0];
  if (anyOf) return exampleOf(anyOf[0], document);
  return { string: "", integer: 0, number: 0, boolean: true, array: [], object: {} }[/** @type {string} */ (type)] ?? null;
}
