// Texts in German and English: t("key"), and the switch that changes the page in place.

const MARKED = ["aria-label", "title", "placeholder"];
let texts = {};

export const language = () => document.documentElement.lang;

export async function loadLanguage(wanted = language()) {
  const answer = await fetch(`/static/i18n/${wanted}.json`);
  if (!answer.ok) throw new Error(`texts ${wanted}: HTTP ${answer.status}`);
  texts = await answer.json();
  document.documentElement.lang = wanted;
}

/** Change the language, remember it for a year, and rewrite what the server wrote. */
export async function switchLanguage(wanted) {
  await loadLanguage(wanted);
  document.cookie = `language=${wanted}; path=/; max-age=31536000; samesite=strict`;
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = t(node.dataset.say);
  for (const name of MARKED)
    for (const node of document.querySelectorAll(`[data-${name}]`))
      node.setAttribute(name, t(node.getAttribute(`data-${name}`)));
}

/** Say a text; `{name}` in it is replaced by `values.name`. */
export function t(key, values = {}) {
  const text = texts[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Say a text that counts: `key.one` or `key.other`. */
export function count(key, n, values = {}) {
  const form = new Intl.PluralRules(language()).select(n) === "one" ? "one" : "other";
  return t(`${key}.${form}`, { n: n.toLocaleString(language()), ...values });
}

/** Say a text for a value the server may add later; unknown ones are shown as they are. */
export const known = (key, value) => (texts[key] === undefined ? value : texts[key]);
