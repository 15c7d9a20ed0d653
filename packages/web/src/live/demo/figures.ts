import { disc } from './backdrop.ts';
import type { DemoFigure } from './demo-scene.ts';

type Context = OffscreenCanvasRenderingContext2D;

/** A figure at its place, with the shadow it throws. */
export function drawFigure(context: Context, figure: DemoFigure): void {
  context.save();
  context.translate(figure.x, figure.y);
  if (figure.heading < 0) context.scale(-1, 1);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (figure.label === 'walker') drawWalker(context, figure.phase);
  else if (figure.label === 'van') drawVan(context, figure.phase);
  else drawBalloon(context);
  context.restore();
}

function drawWalker(context: Context, phase: number): void {
  const swing = Math.sin(phase * 2 * Math.PI);
  const bob = -4 * Math.abs(Math.cos(phase * 2 * Math.PI));
  context.fillStyle = 'rgb(20 24 12 / 0.35)';
  disc(context, 4, 2, 62, 0.16);
  limb(context, '#2c3350', 24, [0, -142 + bob], [-swing * 26, -74], [-swing * 50 - 4, -8 - Math.max(0, swing) * 16]);
  limb(context, '#394468', 24, [0, -142 + bob], [swing * 26, -74], [swing * 50 + 4, -8 - Math.max(0, -swing) * 16]);
  shoe(context, -swing * 50 - 4, -6 - Math.max(0, swing) * 16);
  shoe(context, swing * 50 + 4, -6 - Math.max(0, -swing) * 16);
  context.translate(0, bob);
  limb(context, '#c98a1a', 19, [-4, -232], [-16 + swing * 12, -190], [-6 + swing * 34, -152]);
  // The coat, its light side towards the evening sun.
  const coat = context.createLinearGradient(-44, 0, 44, 0);
  coat.addColorStop(0, '#d8951c');
  coat.addColorStop(1, '#fbc64a');
  context.fillStyle = coat;
  context.beginPath();
  context.moveTo(-30, -246);
  context.quadraticCurveTo(0, -262, 30, -246);
  context.quadraticCurveTo(42, -180, 44, -112);
  context.lineTo(-44, -112);
  context.quadraticCurveTo(-40, -180, -30, -246);
  context.fill();
  context.fillStyle = '#a96f10';
  for (let y = -226; y < -124; y += 26) disc(context, 12, y, 3.4);
  context.fillRect(-41, -178, 83, 7);
  limb(context, '#eeb032', 19, [6, -232], [18 - swing * 14, -190], [10 - swing * 36, -154]);
  context.fillStyle = '#e8b48e';
  disc(context, 10 - swing * 38, -150, 9);
  context.fillStyle = '#b8342c';
  context.beginPath();
  context.roundRect(-23, -268, 46, 22, 10);
  context.fill();
  context.beginPath();
  context.roundRect(-30, -262, 17, 58, 7);
  context.fill();
  context.fillStyle = '#e8b48e';
  disc(context, 3, -288, 25, 1.1);
  context.fillStyle = '#4a2b20';
  context.beginPath();
  context.ellipse(-2, -297, 29, 24, -0.1, Math.PI * 0.86, Math.PI * 1.98);
  context.fill();
  disc(context, -22, -290, 14, 1.4);
  context.fillStyle = '#2f6f68';
  context.beginPath();
  context.ellipse(1, -304, 30, 20, 0, Math.PI, 2 * Math.PI);
  context.fill();
  context.fillRect(-30, -306, 62, 9);
  context.fillStyle = '#f2efe6';
  disc(context, 1, -325, 8);
  context.fillStyle = '#2a1a16';
  disc(context, 15, -288, 3);
}

function limb(context: Context, color: string, width: number, ...points: readonly (readonly [number, number])[]): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function shoe(context: Context, x: number, y: number): void {
  context.fillStyle = '#6b3a24';
  context.beginPath();
  context.roundRect(x - 13, y - 9, 36, 17, 8);
  context.fill();
}

function drawVan(context: Context, phase: number): void {
  context.fillStyle = 'rgb(14 14 20 / 0.4)';
  disc(context, 0, 8, 152, 0.07);
  context.fillStyle = '#2d7f8f';
  context.beginPath();
  context.moveTo(-146, -14);
  context.lineTo(-146, -104);
  context.quadraticCurveTo(-144, -126, -122, -126);
  context.lineTo(70, -126);
  context.quadraticCurveTo(92, -126, 106, -100);
  context.lineTo(122, -72);
  context.quadraticCurveTo(146, -66, 147, -44);
  context.lineTo(147, -14);
  context.fill();
  context.fillStyle = '#f3ead6';
  context.beginPath();
  context.moveTo(-146, -68);
  context.lineTo(-146, -104);
  context.quadraticCurveTo(-144, -126, -122, -126);
  context.lineTo(70, -126);
  context.quadraticCurveTo(92, -126, 106, -100);
  context.lineTo(122, -72);
  context.lineTo(122, -68);
  context.fill();
  context.fillStyle = '#33505f';
  for (const [x, width] of [
    [-130, 50],
    [-72, 50],
    [-14, 50],
  ] as const) {
    context.beginPath();
    context.roundRect(x, -112, width, 36, 6);
    context.fill();
  }
  context.beginPath();
  context.moveTo(46, -112);
  context.lineTo(72, -112);
  context.lineTo(97, -76);
  context.lineTo(46, -76);
  context.fill();
  context.fillStyle = '#ffe7a0';
  disc(context, 138, -46, 8);
  context.fillStyle = '#d9513f';
  context.fillRect(-147, -52, 7, 18);
  context.fillStyle = '#1f5763';
  context.fillRect(-147, -22, 294, 9);
  for (const x of [-92, 92]) {
    context.fillStyle = '#222228';
    disc(context, x, -12, 25);
    context.fillStyle = '#c9c9cf';
    disc(context, x, -12, 12);
    context.strokeStyle = '#77777f';
    context.lineWidth = 3;
    const turn = phase * 2 * Math.PI;
    context.beginPath();
    context.moveTo(x - 11 * Math.cos(turn), -12 - 11 * Math.sin(turn));
    context.lineTo(x + 11 * Math.cos(turn), -12 + 11 * Math.sin(turn));
    context.stroke();
  }
}

function drawBalloon(context: Context): void {
  const stripes = ['#c8413b', '#f2e3c4', '#c8413b', '#f2e3c4', '#c8413b', '#f2e3c4', '#c8413b'];
  context.strokeStyle = '#5a4637';
  context.lineWidth = 2;
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(side * 16, -32);
    context.lineTo(side * 40, -98);
  }
  context.stroke();
  // Stripes as a gradient with hard stops: the shape's edge stays smooth, which a clip's would not.
  const skin = context.createLinearGradient(-92, 0, 92, 0);
  for (let i = 0; i < stripes.length; i++) {
    for (const k of [i, i + 1])
      skin.addColorStop((1 + Math.sin(((k / 7) * 2 - 1) * (Math.PI / 2))) / 2, stripes[i] as string);
  }
  const shade = context.createLinearGradient(-90, 0, 90, 0);
  shade.addColorStop(0, 'rgb(30 20 60 / 0.42)');
  shade.addColorStop(0.6, 'rgb(30 20 60 / 0)');
  context.beginPath();
  context.moveTo(-20, -66);
  context.bezierCurveTo(-60, -110, -90, -140, -90, -172);
  context.bezierCurveTo(-90, -232, -44, -260, 0, -260);
  context.bezierCurveTo(44, -260, 90, -232, 90, -172);
  context.bezierCurveTo(90, -140, 60, -110, 20, -66);
  context.closePath();
  for (const fill of [skin, shade]) {
    context.fillStyle = fill;
    context.fill();
  }
  context.fillStyle = '#8a5d36';
  context.beginPath();
  context.roundRect(-20, -34, 40, 36, 6);
  context.fill();
  context.fillStyle = '#6d4526';
  for (let y = -28; y < 0; y += 9) context.fillRect(-20, y, 40, 3);
}
