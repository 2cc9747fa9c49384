// The masked picture with the damage framed; a picture that does not come says why and offers to try again.

import { pictureAddress } from "./api.js";
import { button, el, svg } from "./dom.js";
import { t } from "./i18n.js";
import { dateTime } from "./time.js";
import { className, streetName } from "./words.js";

/** Build the figure for a damage; `sha256` and `box` may belong to one of its sightings. */
export function picture(damage, { sha256, box, seen_at }) {
  if (!sha256) return el("div", { class: "picture picture--none" }, el("p", {}, t("picture.none")));
  const alt = t(box ? "picture.alt" : "picture.alt_no_box", {
    class: className(damage.damage_class),
    street: streetName(damage),
    time: dateTime(seen_at),
  });
  const image = el("img", { alt, src: pictureAddress(sha256) });
  const frame = el("div", { class: "picture__frame" }, image);
  const figure = el("figure", { class: "picture" }, frame);
  image.addEventListener("load", () => {
    frame.querySelector("svg")?.remove();
    if (box) frame.append(outline(box, image));
  });
  image.addEventListener("error", () =>
    figure.replaceChildren(failed(damage, { sha256, box, seen_at }, figure)),
  );
  return figure;
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

function failed(damage, what, figure) {
  return el(
    "div",
    { class: "picture picture--none" },
    el("p", {}, t("picture.failed")),
    button(t("action.retry"), () => figure.replaceWith(picture(damage, what)), "small"),
  );
}
