// The masked picture with the damage framed; a picture that does not come says why and offers to try again.

import { pictureAddress } from "./api.js";
import { button, el, svg } from "./dom.js";
import { t } from "./i18n.js";
import { dateTime } from "./time.js";
import { className, streetName } from "./words.js";

/**
 * Build the figure for a damage; `sha256` and `box` may belong to one of its sightings.
 * `rename` says its words again in another language without fetching the picture again.
 */
export function picture(damage, { sha256, box, seen_at }) {
  if (!sha256) return absent(t("picture.none"), { rename: () => t("picture.none") });
  const alt = () =>
    t(box ? "picture.alt" : "picture.alt_no_box", {
      class: className(damage.damage_class),
      street: streetName(damage),
      time: dateTime(seen_at),
    });
  const image = el("img", { alt: alt(), src: pictureAddress(sha256) });
  const frame = el("div", { class: "picture__frame" }, image);
  const figure = el("figure", { class: "picture" }, frame);
  image.addEventListener("load", () => {
    frame.querySelector("svg")?.remove();
    if (box) frame.append(outline(box, image));
  });
  image.addEventListener("error", () => {
    const again = () => figure.replaceWith(picture(damage, { sha256, box, seen_at }).figure);
    figure.replaceChildren(absent(t("picture.failed"), { retry: again }).figure);
  });
  return { figure, rename: () => (image.alt = alt()) };
}

/** Say why there is no picture. */
function absent(text, { retry, rename }) {
  const words = el("p", {}, text);
  const figure = el("div", { class: "picture picture--none" }, words);
  if (retry) figure.append(button(t("action.retry"), retry, "small"));
  return { figure, rename: () => (words.textContent = rename()) };
}

/** Two rectangles, dark under bright, so that the frame shows on tar and on snow. */
function outline([x1, y1, x2, y2], image) {
  const place = {
    x: x1,
    y: y1,
    width: x2 - x1,
    height: y2 - y1,
    fill: "none",
    "vector-effect": "non-scaling-stroke",
  };
  return svg(
    "svg",
    {
      viewBox: `0 0 ${image.naturalWidth} ${image.naturalHeight}`,
      "aria-hidden": "true",
      class: "picture__box",
    },
    svg("rect", { ...place, stroke: "#131525", "stroke-width": 5 }),
    svg("rect", { ...place, stroke: "#ffd84d", "stroke-width": 2.5 }),
  );
}
