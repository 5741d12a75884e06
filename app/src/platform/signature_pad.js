// A place where people draw with a finger, a pen or a mouse: ink on white, in light and dark alike.

const INK = '#10212e';
const WIDTH = 2.4;
// A tap is no signature: so many pixels of line are.
const LEAST = 40;

// What was drawn on each canvas: strokes of points, and the size in which they were drawn.
const pads = new WeakMap();

export function attach(canvas) {
  if (pads.has(canvas)) return;
  const pad = { strokes: [], length: 0, size: null, current: null };
  pads.set(canvas, pad);
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    if (pad.strokes.length === 0) pad.size = [canvas.clientWidth, canvas.clientHeight];
    pad.current = [at(event)];
    pad.strokes.push(pad.current);
    draw(canvas, pad);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!pad.current || !event.isPrimary) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) {
      const [x, y] = at(each);
      const [lastX, lastY] = pad.current.at(-1);
      pad.length += Math.hypot(x - lastX, y - lastY);
      pad.current.push([x, y]);
    }
    draw(canvas, pad);
  });
  const end = () => (pad.current = null);
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
  // A telephone that is turned keeps what was drawn.
  new ResizeObserver(() => draw(canvas, pad)).observe(canvas);
}

export const isBlank = (canvas) => (pads.get(canvas)?.strokes.length ?? 0) === 0;

export const isSigned = (canvas) => (pads.get(canvas)?.length ?? 0) >= LEAST;

export function clear(canvas) {
  const pad = pads.get(canvas);
  if (!pad) return;
  Object.assign(pad, { strokes: [], length: 0, size: null, current: null });
  draw(canvas, pad);
}

// The picture, as the bytes of a PNG.
export async function png(canvas) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new Uint8Array(await blob.arrayBuffer());
}

function draw(canvas, pad) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (!pad.size) return;
  const fit = Math.min(1, width / pad.size[0], height / pad.size[1]);
  context.scale(ratio * fit, ratio * fit);
  Object.assign(context, { strokeStyle: INK, lineWidth: WIDTH, lineCap: 'round', lineJoin: 'round' });
  for (const points of pad.strokes) {
    context.beginPath();
    context.moveTo(...points[0]);
    // A dot is drawn too.
    for (const point of points.length > 1 ? points.slice(1) : points) context.lineTo(...point);
    context.stroke();
  }
}
