use super::*;

#[test]
fn lengths_and_scales_are_checked() {
    assert_eq!(mae(&[1.0], &[]), Err(MetricError::Lengths { found: 0, needed: 1 }));
    assert_eq!(mae(&[f64::NAN], &[1.0]), Err(MetricError::NoPairs));
    assert_eq!(mase(&[1.0], &[2.0], &[5.0, 5.0], 1), Err(MetricError::NoScale));
    assert_eq!(mase(&[1.0], &[2.0], &[5.0], 12), Err(MetricError::NoScale));
    assert_eq!(quantile_loss(&[1.0], &[2.0], 1.0), Err(MetricError::Level));
    assert_eq!(weighted_quantile_loss(&[0.0], &[&[1.0]], &[0.5]), Err(MetricError::NoScale));
    assert_eq!(smape(&[0.0, 1.0], &[0.0, 1.0]), Ok(0.0));
}
