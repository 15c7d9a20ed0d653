import type { ReactNode } from 'react';

const HEART = 'M12 19.5S4 14.8 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3c0 5.5-8 10.2-8 10.2z';
const STAR = 'm12 4 2.4 5.2 5.6.7-4.1 3.9 1 5.7-4.9-2.8-4.9 2.8 1-5.7L4 9.9l5.6-.7z';

const PATHS = {
  open: (
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="2.5" />
      <circle cx="9" cy="10" r="1.6" />
      <path d="m4 17 4.8-4.2 3.2 2.7 3.7-4 4.3 4.4" />
    </>
  ),
  camera: (
    <>
      <path d="M4 8.5A1.5 1.5 0 0 1 5.5 7h2l1.6-2.2h5.8L16.5 7h2A1.5 1.5 0 0 1 20 8.5v8a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 16.5z" />
      <circle cx="12" cy="12.4" r="3.3" />
    </>
  ),
  video: (
    <>
      <rect x="3" y="6.5" width="12.5" height="11" rx="2.2" />
      <path d="m15.5 10.5 5.5-3v9l-5.5-3" />
    </>
  ),
  play: <path d="M8 5.5v13l10.5-6.5z" />,
  pause: <path d="M8.5 5.5v13M15.5 5.5v13" strokeWidth="2.4" />,
  'step-back': <path d="M17.5 6v12l-8.5-6zM6.5 6v12" />,
  'step-on': <path d="M6.5 6v12l8.5-6zM17.5 6v12" />,
  sound: <path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />,
  'sound-off': <path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9.5l5 5M20.5 9.5l-5 5" />,
  fullscreen: <path d="M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15" />,
  pip: (
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="2.2" />
      <rect x="12" y="11.5" width="6" height="5" rx="1" fill="currentColor" />
    </>
  ),
  people: (
    <>
      <circle cx="9" cy="8.5" r="3.2" />
      <path d="M3.5 19c0-3.5 2.4-5.6 5.5-5.6s5.5 2.1 5.5 5.6M15 5.7a3.2 3.2 0 0 1 0 5.6M17 13.9c2.2.7 3.5 2.5 3.5 5.1" />
    </>
  ),
  undo: <path d="M8.5 5.5 4.5 9.5l4 4M5 9.5h9a5 5 0 0 1 0 10h-4" />,
  redo: <path d="m15.5 5.5 4 4-4 4M19 9.5h-9a5 5 0 0 0 0 10h4" />,
  compare: (
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="2.5" />
      <path d="M12 3v18" />
      <path d="M12 8.5 15.5 5M12 13l7-7M12 17.5l8-8M15 19l5-5" strokeWidth="1.2" />
    </>
  ),
  eye: (
    <>
      <path d="M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12z" />
      <circle cx="12" cy="12" r="2.8" />
    </>
  ),
  download: <path d="M12 4v11m-4.5-4.2L12 15.3l4.5-4.5M4.5 19.5h15" />,
  upload: <path d="M12 15.3V4.5M7.5 8.8 12 4.3l4.5 4.5M4.5 19.5h15" />,
  copy: (
    <>
      <rect x="8.5" y="8.5" width="11" height="11" rx="2.2" />
      <path d="M15.5 8.5V6.7a2.2 2.2 0 0 0-2.2-2.2H6.7a2.2 2.2 0 0 0-2.2 2.2v6.6a2.2 2.2 0 0 0 2.2 2.2h1.8" />
    </>
  ),
  sun: (
    <>
      <circle cx="12" cy="12" r="3.8" />
      <path d="M12 2.8v2.4M12 18.8v2.4M2.8 12h2.4M18.8 12h2.4M5.5 5.5l1.7 1.7M16.8 16.8l1.7 1.7M5.5 18.5l1.7-1.7M16.8 7.2l1.7-1.7" />
    </>
  ),
  moon: <path d="M19.5 14.3A8 8 0 0 1 9.7 4.5a8 8 0 1 0 9.8 9.8z" />,
  auto: (
    <>
      <circle cx="12" cy="12" r="8" />
      <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" stroke="none" />
    </>
  ),
  help: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M9.6 9.6a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1.1.9-1.1 1.7v.3M12 16.6v.1" />
    </>
  ),
  close: <path d="m6.5 6.5 11 11m0-11-11 11" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  plus: <path d="M12 5.5v13M5.5 12h13" />,
  minus: <path d="M5.5 12h13" />,
  fit: (
    <path d="M4.5 9V6.5a2 2 0 0 1 2-2H9m6 0h2.5a2 2 0 0 1 2 2V9m0 6v2.5a2 2 0 0 1-2 2H15m-6 0H6.5a2 2 0 0 1-2-2V15" />
  ),
  reset: <path d="M5 5v4.5h4.5M5.4 9.5A7.5 7.5 0 1 1 4.6 13.6" />,
  server: (
    <>
      <rect x="3.5" y="4.5" width="17" height="11.5" rx="2" />
      <path d="M8.5 20h7M12 16v4" />
    </>
  ),
  browser: (
    <>
      <rect x="3.5" y="4.5" width="17" height="15" rx="2.5" />
      <path d="M3.5 9h17M6.8 6.8h.1M9.3 6.8h.1" />
    </>
  ),
  warning: <path d="M12 4.5 2.8 19.5h18.4zM12 10.2v4.2M12 16.9v.1" />,
  info: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 11.2v5M12 8v.1" />
    </>
  ),
  handles: <path d="m9.5 7.5-4.5 4.5 4.5 4.5M14.5 7.5 19 12l-4.5 4.5" />,
  'eye-off': (
    <>
      <path d="M4 4l16 16M9.9 6a10 10 0 0 1 2.1-.2c6 0 9.5 6.2 9.5 6.2a17 17 0 0 1-2.7 3.4M6.3 7.7A16.6 16.6 0 0 0 2.5 12s3.5 6.2 9.5 6.2a9.6 9.6 0 0 0 4-.8" />
      <path d="M10 10.2a2.8 2.8 0 0 0 3.9 3.9" />
    </>
  ),
  grip: <path d="M9 6.5v.1M9 12v.1M9 17.5v.1M15 6.5v.1M15 12v.1M15 17.5v.1" strokeWidth="2.4" />,
  trash: <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 10.5v6M14 10.5v6" />,
  link: (
    <path d="M10.2 13.8a4 4 0 0 0 5.7 0l2.9-2.9a4 4 0 0 0-5.7-5.7l-1 1M13.8 10.2a4 4 0 0 0-5.7 0l-2.9 2.9a4 4 0 0 0 5.7 5.7l1-1" />
  ),
  layers: <path d="m12 4.5 8 4-8 4-8-4zM4 12.2l8 4 8-4M4 15.9l8 4 8-4" />,
  target: (
    <>
      <circle cx="12" cy="12" r="5.5" />
      <path d="M12 3v4M12 17v4M3 12h4M17 12h4" />
    </>
  ),
  brush: (
    <>
      <path d="M19.8 4.2a1.6 1.6 0 0 0-2.3 0L10 12.3l1.9 1.9 7.9-7.7a1.6 1.6 0 0 0 0-2.3z" />
      <path d="M8.7 13.4c-2 0-3.3 1.5-3.3 3.3 0 1.4-1 2.2-2 2.4 1.2.9 2.6 1.3 4.1 1.1 2.4-.3 3.9-2 3.6-4.3" />
    </>
  ),
  chevron: <path d="m7 10 5 5 5-5" />,
  previous: <path d="m14.5 6-6 6 6 6" />,
  next: <path d="m9.5 6 6 6-6 6" />,
  library: (
    <>
      <rect x="3.5" y="4.5" width="8" height="8.5" rx="1.6" />
      <rect x="14.5" y="4.5" width="6" height="8.5" rx="1.6" />
      <path d="M5 16.5h4.5M5 16.5v3h4.5v-3zM12.5 16.5h7M12.5 16.5v3h7v-3z" />
    </>
  ),
  text: <path d="M5 8V5.5h14V8M12 5.5v13M9.5 18.5h5" />,
  search: (
    <>
      <circle cx="10.8" cy="10.8" r="6" />
      <path d="m15.3 15.3 4.7 4.7" />
    </>
  ),
  heart: <path d={HEART} />,
  'heart-full': <path d={HEART} fill="currentColor" />,
  star: <path d={STAR} />,
  'star-full': <path d={STAR} fill="currentColor" />,
  album: (
    <>
      <rect x="4" y="8" width="16" height="12" rx="2" />
      <path d="M6.5 5h11" />
    </>
  ),
  folder: <path d="M3.5 7.5a2 2 0 0 1 2-2h3.3l2.2 2.5h7.5a2 2 0 0 1 2 2v7.5a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z" />,
  sliders: (
    <>
      <path d="M4 7.5h9m5 0h2M4 16.5h3m5 0h8" />
      <circle cx="15.5" cy="7.5" r="2.3" />
      <circle cx="9.5" cy="16.5" r="2.3" />
    </>
  ),
  calendar: (
    <>
      <rect x="4" y="5.5" width="16" height="14" rx="2.2" />
      <path d="M4 10h16M8.5 3.5v4M15.5 3.5v4" />
    </>
  ),
  pin: (
    <>
      <path d="M12 20.5s6.5-5.6 6.5-10.7a6.5 6.5 0 0 0-13 0c0 5.1 6.5 10.7 6.5 10.7z" />
      <circle cx="12" cy="9.8" r="2.3" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="10.5" width="14" height="9.5" rx="2" />
      <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
    </>
  ),
  share: (
    <>
      <circle cx="6.5" cy="12" r="2.5" />
      <circle cx="17" cy="6" r="2.5" />
      <circle cx="17" cy="18" r="2.5" />
      <path d="m8.7 10.8 6.1-3.5M8.7 13.2l6.1 3.5" />
    </>
  ),
} satisfies Readonly<Record<string, ReactNode>>;

export type IconName = keyof typeof PATHS;

/** A line icon on a 24 px grid, in the colour of the text around it. Decoration only: whatever it stands in is named. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  );
}

/** Focal's mark: six blades around a light. */
export function Mark({ size = 24 }: { readonly size?: number }) {
  return (
    <svg
      className="mark"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="9.25" />
      <path
        className="mark-blades"
        d="M12 7.4 21.22 12.72M15.98 9.7V20.35M15.98 14.3 6.76 19.62M12 16.6 2.78 11.28M8.02 14.3V3.65M8.02 9.7 17.24 4.38"
      />
    </svg>
  );
}
