//! One number for a whole city, to notice when a bit of it changes.
use datagora_core::content_hash;
use datagora_geo::GeometryColumn;
use geo::CoordsIter;

use crate::City;

impl City {
    /// SHA-256 of all coordinates, codes and counts, in hexadecimal: the content hash of the city in a lineage.
    ///
    /// ```
    /// use datagora_sample::{City, CityPlan};
    ///
    /// let plan = CityPlan::village();
    /// assert_eq!(City::make(&plan)?.content_hash(), City::make(&plan)?.content_hash());
    /// # Ok::<(), datagora_sample::PlanError>(())
    /// ```
    pub fn content_hash(&self) -> String {
        let mut bytes = Vec::new();
        let columns = [
            &self.communes.geometry,
            &self.iris.geometry,
            &self.streets.geometry,
            &self.buildings.geometry,
            &self.vegetation.geometry,
            &self.parks.geometry,
            &self.trees.geometry,
            &self.sensors.geometry,
            &self.sharing.geometry,
            &self.establishments.geometry,
        ];
        columns.into_iter().for_each(|column| geometry(&mut bytes, column));

        let texts = [
            &self.communes.name,
            &self.streets.name,
            &self.parks.name,
            &self.sensors.name,
            &self.sharing.name,
        ];
        let codes = [&self.communes.code, &self.iris.code, &self.establishments.siret];
        let words = [&self.trees.species, &self.establishments.naf, &self.establishments.staff];
        let texts = texts.into_iter().chain(codes).flatten().map(String::as_str);
        for text in texts.chain(words.into_iter().flatten().copied()) {
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        let numbers = [
            &self.streets.width,
            &self.buildings.height,
            &self.trees.height,
            &self.trees.girth,
            &self.iris.noise,
            &self.iris.tree_cover,
            &self.parks.canopy,
        ];
        numbers.into_iter().flatten().for_each(|number| bytes.extend(number.to_le_bytes()));
        let counts = [
            &self.communes.population,
            &self.iris.population,
            &self.iris.children,
            &self.iris.elders,
            &self.iris.commune,
            &self.streets.iris,
            &self.buildings.iris,
            &self.vegetation.iris,
            &self.trees.iris,
            &self.sensors.commune,
            &self.sharing.capacity,
            &self.establishments.commune,
        ];
        counts.into_iter().flatten().for_each(|count| bytes.extend(count.to_le_bytes()));
        let years = self
            .buildings
            .year
            .iter()
            .copied()
            .chain(self.trees.planted.iter().map(|year| year.unwrap_or(0)));
        years.for_each(|year| bytes.extend(year.to_le_bytes()));
        bytes.extend(self.streets.main.iter().map(|&main| u8::from(main)));
        bytes.extend(self.vegetation.stratum.iter().map(|&stratum| stratum as u8));
        bytes.extend(self.sensors.mode.iter().map(|&mode| mode as u8));
        bytes.extend(self.sensors.start.timestamp().to_le_bytes());
        self.sensors.hourly.iter().flatten().for_each(|count| bytes.extend(count.to_le_bytes()));
        self.sharing.times.iter().for_each(|time| bytes.extend(time.timestamp().to_le_bytes()));
        let stock = self.sharing.bikes.iter().flatten().map(|bikes| bikes.unwrap_or(u32::MAX));
        stock.for_each(|bikes| bytes.extend(bikes.to_le_bytes()));
        content_hash(&bytes)
    }
}

fn geometry(bytes: &mut Vec<u8>, column: &GeometryColumn) {
    for shape in column.iter().flatten() {
        bytes.extend((shape.coords_count() as u32).to_le_bytes());
        for coord in shape.coords_iter() {
            bytes.extend(coord.x.to_le_bytes());
            bytes.extend(coord.y.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CityPlan;

    #[test]
    fn village_is_the_same_everywhere() {
        // Written down once, on x86-64 Linux: whoever changes the generator changes it knowingly.
        let village = City::make(&CityPlan::village()).expect("a sound plan");
        assert_eq!(
            village.content_hash(),
            "a7495354f5f3f189c0bd4a24095e67b5e1ce0ac6a3bbf5da917b278acb2501de"
        );
    }

    #[test]
    fn factors_of_the_village_are_the_same_everywhere() {
        let village = City::make(&CityPlan::village()).expect("a sound plan");
        let factors = village.factors();
        let mut bytes = Vec::new();
        for factor in &factors {
            bytes.extend((factor.name.len() as u32).to_le_bytes());
            bytes.extend(factor.name.as_bytes());
            bytes.extend(factor.weight.to_le_bytes());
            bytes.extend((factor.geometry.len() as u32).to_le_bytes());
            geometry(&mut bytes, &factor.geometry);
            bytes.extend(factor.area.unwrap_or(-1.0).to_le_bytes());
        }
        assert_eq!(factors.len(), 37);
        assert_eq!(content_hash(&bytes), "1f338e3c40c07c276b336db7e986a5ef683001a71a0404bab3d2d935c692440b");
    }
}
