/** All of the style of guests' pages. */
export const GUEST_STYLE = `
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --ink: #1b1a18; --soft: #66625b; --line: #d9d5cd; --accent: #8a4f04; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #141416; --card: #1e1e21; --ink: #f1f0ee; --soft: #a5a29c; --line: #35353a; --accent: #f3b765; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { padding: 28px 24px 16px; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; overflow-wrap: anywhere; }
p { margin: 6px 0 0; color: var(--soft); }
a { color: var(--accent); }
.photos { display: flex; flex-wrap: wrap; gap: 6px; margin: 0; padding: 0 24px 24px; list-style: none; }
.photos li { --ratio: 1.5; flex-basis: calc(var(--ratio) * 200px); flex-grow: calc(var(--ratio) * 100); background: var(--line); }
.photos li.rest { flex-grow: 100000; flex-basis: 200px; height: 0; background: none; }
.photos a { display: block; width: 100%; aspect-ratio: var(--ratio); max-height: 340px; }
.photos a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.photos img { display: block; width: 100%; height: 100%; object-fit: cover; }
.photos li:not([data-state="ready"]):not(.rest) { background: #77736c; }
.photos li:not([data-state="ready"]) img { visibility: hidden; }
.photos a { position: relative; }
.words { position: absolute; inset: 0; display: grid; place-items: center; padding: 10px; overflow: hidden; color: #fff; font-size: 14px; line-height: 1.35; text-align: center; text-wrap: balance; }
.photos [data-state="waiting"] .words { animation: breathe 1.4s ease-in-out infinite alternate; }
@keyframes breathe { to { opacity: 0.6; } }
@media (prefers-reduced-motion: reduce) { .photos .words { animation: none !important; } }
.film { position: absolute; left: 8px; bottom: 8px; padding: 2px 9px; border-radius: 10px; background: rgb(0 0 0 / 60%); color: #fff; font-size: 13px; }
.film::before { content: '▶'; margin-right: 6px; font-size: 10px; }
.more { display: block; width: max-content; margin: 0 auto 32px; padding: 10px 20px; border: 1px solid var(--line); border-radius: 10px; }
main.card { max-width: 420px; margin: 12vh auto 0; padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
main.card h1 { font-size: 22px; }
form { display: grid; gap: 12px; margin-top: 20px; }
label { display: grid; gap: 6px; font-size: 14px; }
input, button { font: inherit; min-height: 44px; border-radius: 10px; border: 1px solid var(--line); padding: 0 14px; }
input { background: var(--ground); color: inherit; width: 100%; }
button { cursor: pointer; background: var(--accent); border-color: var(--accent); color: #fff; }
@media (prefers-color-scheme: dark) { button { color: #10131c; } }
.wrong { color: #b3261e; }
@media (prefers-color-scheme: dark) { .wrong { color: #ff9d94; } }
dialog { width: 100vw; height: 100dvh; max-width: none; max-height: none; margin: 0; padding: 0; border: 0; background: #0b0b0c; overflow: hidden; touch-action: pan-y pinch-zoom; }
dialog:focus { outline: none; }
dialog::backdrop { background: #0b0b0c; }
dialog img, dialog video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: center / contain no-repeat; }
dialog video { background: none; outline: none; }
dialog button { position: absolute; min-width: 48px; min-height: 48px; padding: 0; border: 0; background: rgb(0 0 0 / 55%); color: #fff; font-size: 24px; line-height: 1; }
dialog button:focus-visible { outline: 3px solid #fff; outline-offset: -3px; }
dialog .close { top: 12px; right: 12px; }
dialog .back { top: calc(50% - 24px); left: 12px; }
dialog .on { top: calc(50% - 24px); right: 12px; }
dialog .place { position: absolute; left: 50%; bottom: 12px; translate: -50%; margin: 0; padding: 3px 12px; border-radius: 12px; background: rgb(0 0 0 / 55%); color: #fff; font-size: 14px; pointer-events: none; }
dialog video:not([hidden]) ~ .place { top: 18px; bottom: auto; }
dialog .gone, dialog .waits { position: absolute; inset: 0; display: grid; place-items: center; color: #fff; margin: 0; }
[hidden] { display: none !important; }
@media (max-width: 600px) {
  header { padding: 20px 12px 12px; }
  .photos { padding: 0 12px 16px; gap: 4px; }
  .photos li { flex-basis: calc(var(--ratio) * 120px); }
  main.card { margin: 24px 12px 0; padding: 24px; }
}
`;
