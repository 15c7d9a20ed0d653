/** Focal's icon as it is in the studio, for the tab of guests' pages: SVG. */
export const GUEST_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
  <defs>
    <linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#2c2c31"/><stop offset="1" stop-color="#141416"/></linearGradient>
    <linearGradient id="a" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#ffd08a"/><stop offset="1" stop-color="#ec9b3b"/></linearGradient>
  </defs>
  <rect width="512" height="512" rx="115" fill="url(#g)"/>
  <circle cx="256" cy="256" r="158.7" fill="none" stroke="url(#a)" stroke-width="18.3"/>
  <path d="M256.0 176.6L414.3 268.0M324.7 216.3L324.7 399.1M324.7 295.7L166.5 387.1M256.0 335.4L97.7 244.0M187.3 295.7L187.3 112.9M187.3 216.3L345.5 124.9" fill="none" stroke="url(#a)" stroke-width="18.3" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`;
