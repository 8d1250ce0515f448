use crate::ui_kit::*;
use kasse::lang::Lang;
use kasse::ui::{Theme, as_text};
#[test]
fn dump() {
    let Ok(spec) = std::env::var("DUMP") else { return };
    // name,w,h,lang,theme
    for one in spec.split(' ') {
        let p: Vec<&str> = one.split(',').collect();
        let lang = if p.get(3) == Some(&"de") { Lang::De } else { Lang::En };
        let theme = if p.get(4) == Some(&"a") { Theme::mono().ascii(true) } else { Theme::dark() };
        let shop = Shop::new(lang, theme);
        let (w, h) = (p[1].parse().unwrap(), p[2].parse().unwrap());
        println!("=== {one}\n{}", as_text(&scene(p[0]), &shop.view(), w, h));
    }
}
