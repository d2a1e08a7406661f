/* Finding and making elements. */

/**
 * Finds the element that the template promises.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode} [within]
 * @returns {T}
 * @throws {Error} where there is none of this kind
 */
export function find(selector, kind, within = document) {
  const found = within.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`There is no ${selector} here.`);
}

/**
 * Makes an element with these properties (not attributes) and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/**
 * Makes a small button.
 * @param {string} textContent
 * @param {() => void} press
 * @param {string} [look] Bootstrap's name of it
 */
export function button(textContent, press, look = "btn-outline-secondary") {
  const made = element("button", { type: "button", className: `btn btn-sm ${look}`, textContent });
  made.addEventListener("click", press);
  return made;
}
