const SHAPES = ['22%', '31%', '18%', '27%', '26%', '20%', '34%', '18%', '30%', '24%', '22%', '22%'];

/** Stands for the grid while it is not known what is in it. */
export function GridLoading() {
  return (
    <div className="grid-loading" role="status" aria-label="Loading">
      {SHAPES.map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change
        <span key={index} style={{ flexBasis: width }} />
      ))}
    </div>
  );
}
