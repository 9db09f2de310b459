//! Maps and charts for citizens: one scene to SVG, PNG and HTML, exact classes, computed credits, alternative text.
