//! The assets are what the packages publish.
use std::collections::BTreeMap;
use std::io::Read;

use datagora_viz_assets::{ASSETS, LICENCES};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

#[test]
fn unpacked_files_have_the_hashes_of_the_packages() {
    let sums: BTreeMap<&str, &str> = include_str!("../assets/SHA256SUMS")
        .lines()
        .map(|line| line.split_once("  ").map(|(hash, name)| (name, hash)).expect("hash and name"))
        .collect();
    assert_eq!(sums.len(), ASSETS.len());
    for asset in ASSETS {
        let mut bytes = Vec::new();
        GzDecoder::new(asset.gzip()).read_to_end(&mut bytes).expect("gzip");
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, sums[asset.name()], "{}", asset.name());
        let text = String::from_utf8(bytes).expect("text");
        if asset.package() == "maplibre-gl" && asset.name().ends_with(".js") {
            assert!(text.contains(&format!("/v{}/", asset.version())), "{}", asset.name());
        }
        // A script can stand in a page only if nothing in it ends the element.
        assert!(!text.contains("</script"), "{}", asset.name());
    }
}

#[test]
fn every_package_has_its_licence() {
    for asset in ASSETS {
        assert!(LICENCES.contains(&format!("\n{} {} (", asset.package(), asset.version())));
    }
    for part in ["earcut", "gl-matrix", "fflate", "@mapbox/tiny-sdf", "kdbush"] {
        assert!(LICENCES.contains(&format!("\n{part} ")), "{part}");
    }
}

#[test]
fn the_package_stays_far_below_what_a_registry_takes() {
    let bytes: usize = ASSETS.iter().map(|asset| asset.gzip().len()).sum();
    assert!(bytes < 1_000_000, "{bytes}");
}
