/** Makes one accent colour readable wherever it is used. */

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
/** What coloured text stands on in light and in dark mode (--raised in styles.css). */
const DAY = [243, 245, 249];
const NIGHT = [38, 43, 54];
const ENOUGH = 4.5;

/** Set the custom properties for a colour; one that the browser cannot read changes nothing. */
export function applyAccent(host, colour) {
  const rgb = colour ? parse(host, colour) : null;
  if (!rgb) return;
  const properties = {
    '--accent': css(rgb),
    '--on-accent': css(contrast(rgb, WHITE) >= ENOUGH ? WHITE : BLACK),
    '--ink-light': css(readable(rgb, BLACK, DAY)),
    '--ink-dark': css(readable(rgb, WHITE, NIGHT)),
  };
  for (const [name, value] of Object.entries(properties)) host.style.setProperty(name, value);
}

function parse(host, colour) {
  if (!CSS.supports('color', colour)) return null;
  host.style.setProperty('color', colour);
  const numbers = getComputedStyle(host).color.match(/^rgba?\((\d+), (\d+), (\d+)/);
  host.style.removeProperty('color');
  return numbers && numbers.slice(1, 4).map(Number);
}

/** The colour moved towards another until it can be read on a background. */
function readable(rgb, towards, background) {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = rgb.map((value, at) => Math.round(value + (towards[at] - value) * share));
    if (contrast(mixed, background) >= ENOUGH) return mixed;
  }
  return towards;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function css(rgb) {
  return `rgb(${rgb.join(' ')})`;
}
