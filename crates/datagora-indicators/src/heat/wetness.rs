//! Where water gathers.
use datagora_geo::{Band, Raster};

use super::slope::{SlopeError, slope};

/// The least slope that enters, as its tangent: 0.001, one metre in a kilometre. Flat ground would divide by nothing.
const LEAST_TANGENT: f64 = 0.001;

/// The eight neighbours of a cell: rows down, columns right.
const NEIGHBOURS: [(isize, isize); 8] =
    [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)];

/// Topographic wetness index (Beven and Kirkby) of each cell: `ln(a / tan β)`, with the area `a` that drains through a metre
/// of contour and the slope β.
///
/// Water of a cell flows to the neighbour to which the ground falls most steeply (D8); a cell drains itself and all cells
/// whose water passes it. The width of contour is the side of a cell of the same area. Slopes below one metre in a kilometre
/// count as that.
///
/// # Shapes and units
///
/// A raster in metres whose band holds heights in metres → a band of pure numbers (logarithms of metres).
///
/// # Missing values
///
/// Where there is no [`slope`]. Cells of unknown height drain nowhere; what flows into a hollow stays there. Fill hollows
/// before, or the paths end in every dent of the model.
///
/// # Interpretation
///
/// Higher: water gathers there. It compares places of one model of heights, not models of different cells. What lies
/// outside of the raster drains nothing into it: near its border the index is too low.
///
/// # Errors
///
/// As [`slope`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{Band, Grid, Raster};
/// use datagora_indicators::heat::topographic_wetness;
///
/// // A plane that falls to the east by 1 m each metre.
/// let grid = Grid::new([0.0, 3.0], [1.0, 1.0], 4, 3, Crs::LAMBERT_93)?;
/// let heights = Raster::new(grid, [Band::new([3.0, 2.0, 1.0, 0.0].repeat(3))])?;
/// let found = topographic_wetness(&heights, 0)?;
/// assert!((found.value(5).unwrap() - 2.0_f64.ln()).abs() < 1e-9); // itself and the cell above
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Beven, K. J. and Kirkby, M. J. (1979). A physically based, variable contributing area model of basin hydrology. Hydrol.
/// Sci. Bull. 24, 43–69. doi:10.1080/02626667909491834. O'Callaghan, J. F. and Mark, D. M. (1984). The extraction of drainage
/// networks from digital elevation data. Comput. Vis. Graph. Image Process. 28, 323–344, for D8.
pub fn topographic_wetness(heights: &Raster, band: usize) -> Result<Band, SlopeError> {
    let slopes = slope(heights, band)?;
    let grid = heights.grid();
    let (columns, rows) = (grid.columns(), grid.rows());
    let values: Vec<f64> = heights.bands()[band].values().map(|height| height.unwrap_or(f64::NAN)).collect();
    let mut order: Vec<usize> = (0..values.len()).filter(|cell| !values[*cell].is_nan()).collect();
    // From the highest on, all that flows into a cell is there before it flows on.
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let mut drained = vec![1.0_f64; values.len()];
    for cell in order {
        let (column, row) = (cell % columns, cell / columns);
        let fall = |&(down, right): &(isize, isize)| {
            let row = row.checked_add_signed(down).filter(|row| *row < rows)?;
            let column = column.checked_add_signed(right).filter(|column| *column < columns)?;
            let to = row * columns + column;
            let far = (down as f64 * grid.cell_height()).hypot(right as f64 * grid.cell_width());
            Some(((values[cell] - values[to]) / far, to)).filter(|(fall, _)| *fall > 0.0)
        };
        // Of equal falls the first neighbour takes the water, row by row.
        let steepest =
            NEIGHBOURS.iter().filter_map(fall).reduce(|most, next| if next.0 > most.0 { next } else { most });
        if let Some((_, to)) = steepest {
            drained[to] += drained[cell];
        }
    }
    // Cells times their area, by the side of a square of that area.
    let side = grid.cell_area().sqrt();
    let wetness = slopes.values().zip(&drained).map(|(slope, cells)| {
        slope.map(|slope| (cells * side / slope.to_radians().tan().max(LEAST_TANGENT)).ln())
    });
    Ok(Band::from_options(wetness).with_name("topographic wetness").with_unit("1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Crs;
    use datagora_geo::Grid;
    use proptest::prelude::*;

    fn raster(columns: usize, rows: usize, values: Vec<f64>) -> Raster {
        let grid = Grid::new([0.0, 0.0], [5.0, 5.0], columns, rows, Crs::LAMBERT_93).unwrap();
        Raster::new(grid, [Band::new(values)]).unwrap()
    }

    #[test]
    fn a_valley_gathers_what_its_sides_shed() {
        // The sides fall by 3 m a cell to the middle column, which falls by 1 m a cell to the south.
        let height = |cell: usize| {
            let (column, row) = (cell % 5, cell / 5);
            3.0 * (column as f64 - 2.0).abs() + (6 - row) as f64
        };
        let found = topographic_wetness(&raster(5, 7, (0..35).map(height).collect()), 0).unwrap();
        // Row 3 of the valley: four rows of five cells shed by 3 m straight, or 4 m on a diagonal of 1.41 cells: straight.
        let tangent = |east: f64, south: f64| (east / 5.0).hypot(south / 5.0);
        let wanted = (20.0 * 5.0 / tangent(0.0, 1.0)).ln();
        assert!((found.value(3 * 5 + 2).unwrap() - wanted).abs() < 1e-9);
        let side = (2.0 * 5.0 / tangent(3.0, 1.0)).ln();
        assert!((found.value(3 * 5 + 1).unwrap() - side).abs() < 1e-9);
        // Flat ground is taken for a slope of one in a thousand.
        let flat = topographic_wetness(&raster(3, 3, vec![1.0; 9]), 0).unwrap();
        assert!((flat.value(4).unwrap() - 5_000.0_f64.ln()).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn no_heights_make_a_panic_and_all_is_finite(
            values in proptest::collection::vec(prop_oneof![5 => 0.0..50.0_f64, 1 => Just(f64::NAN), 1 => Just(7.0)], 1..60),
            columns in 1..8_usize,
        ) {
            let rows = values.len() / columns;
            prop_assume!(rows > 0);
            let raster = raster(columns, rows, values[..rows * columns].to_vec());
            let found = topographic_wetness(&raster, 0).unwrap();
            prop_assert!(found.values().flatten().all(f64::is_finite));
            let slopes = slope(&raster, 0).unwrap();
            prop_assert_eq!(found.count_missing(), slopes.count_missing());
        }
    }
}
