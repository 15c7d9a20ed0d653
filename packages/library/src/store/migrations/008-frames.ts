/** What is seen in a video is seen in one of its frames; null is the frame that stands for it, and every photo. */
export const frames = `
alter table faces add column at_ms integer;
alter table things add column at_ms integer;
`;
