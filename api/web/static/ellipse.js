// The error ellipse of a damage as a polygon on the map, to scale. Pure.

const EARTH_M = 6378137;
const CORNERS = 64;

/** A GeoJSON polygon of the half axes in metres, bearing clockwise from north; null where unknown. */
export function ellipsePolygon(damage) {
  const { error_major_m: major, error_minor_m: minor, error_bearing_deg: bearing } = damage;
  if (major == null || minor == null || bearing == null) return null;
  const turn = (bearing * Math.PI) / 180;
  const north_deg = 180 / (Math.PI * EARTH_M);
  const east_deg = north_deg / Math.cos((damage.latitude_deg * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CORNERS;
    const [along, across] = [major * Math.cos(angle), minor * Math.sin(angle)];
    const east_m = along * Math.sin(turn) + across * Math.cos(turn);
    const north_m = along * Math.cos(turn) - across * Math.sin(turn);
    return [damage.longitude_deg + east_m * east_deg, damage.latitude_deg + north_m * north_deg];
  });
  return { type: "Polygon", coordinates: [ring] };
}
