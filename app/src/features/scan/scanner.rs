//! Looking for a QR code through the camera.

use std::rc::Rc;

use leptos::html::Video;
use leptos::prelude::*;

use super::read::read;
use crate::platform::camera::{Camera, CameraError};
use crate::platform::clock;
use crate::ui::{Banner, Button, ButtonKind, Tone};

/// Points that a picture is wide or high: enough for a small label at arm's length, and quickly read.
const POINTS: f64 = 800.0;
/// Between two pictures: the phone stays cool, and nobody waits.
const PAUSE_MS: u32 = 120;
/// After so many milliseconds without a code, what may help is said.
const PATIENCE_MS: f64 = 8_000.0;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    Looking,
    /// For a while already.
    Searching,
    Found,
    Failed(CameraError),
}

impl Stage {
    /// What to do now. What has failed is said elsewhere.
    const fn words(self) -> &'static str {
        match self {
            Self::Opening => "L’appareil photo s’ouvre… Si le téléphone le demande, autorisez-le.",
            Self::Looking => "Visez le code, bien en entier dans l’image.",
            Self::Searching => "Toujours rien : approchez-vous, évitez les reflets, faites de la lumière.",
            Self::Found => "Code lu.",
            Self::Failed(_) => "",
        }
    }
}

/// What happened, and what to do.
const fn trouble(error: CameraError) -> (&'static str, &'static str) {
    match error {
        CameraError::Unsupported => (
            "Ce navigateur ne donne pas l’appareil photo",
            "Pointez sans code, ou ouvrez Liaison dans Chrome ou Safari.",
        ),
        CameraError::Refused => (
            "L’appareil photo n’est pas autorisé",
            "Autorisez-le pour Liaison dans les réglages du navigateur, puis réessayez. Ou pointez sans code.",
        ),
        CameraError::Missing => ("Cet appareil n’a pas d’appareil photo", "Pointez sans code."),
        CameraError::Busy => (
            "L’appareil photo est déjà utilisé",
            "Fermez l’autre application qui s’en sert, puis réessayez. Ou pointez sans code.",
        ),
    }
}

/// One camera, from opening it until a code is read or the component is gone. Copies are the same.
#[derive(Clone, Copy)]
struct Scan {
    video: NodeRef<Video>,
    stage: RwSignal<Stage>,
    camera: StoredValue<Option<Rc<Camera>>, LocalStorage>,
    /// Whether there is a lamp, and whether it is on.
    torch: RwSignal<Option<bool>>,
    on_read: Callback<String>,
}

impl Scan {
    /// Opens the camera and looks until there is something to tell.
    fn begin(self) {
        let Some(video) = self.video.get_untracked() else { return };
        self.stage.set(Stage::Opening);
        clock::spawn(async move {
            let stage = match Camera::open(&video).await {
                Ok(camera) => self.look(Rc::new(camera)).await,
                Err(error) => Stage::Failed(error),
            };
            let _gone = self.stage.try_set(stage);
        });
    }

    /// Looks until a code is read, the camera is taken away or nobody looks any more. Then the camera is off.
    async fn look(self, camera: Rc<Camera>) -> Stage {
        let has_torch = camera.has_torch();
        // Gone while the person was asked: the camera goes off here.
        if self.camera.try_set_value(Some(Rc::clone(&camera))).is_some() {
            return Stage::Opening;
        }
        let _gone = (self.torch.try_set(has_torch.then_some(false)), self.stage.try_set(Stage::Looking));
        drop(camera);
        let begun = clock::monotonic();
        let text = loop {
            clock::sleep(PAUSE_MS).await;
            let Some(camera) = self.camera.try_get_value().flatten() else { return Stage::Opening };
            if !camera.is_on() {
                self.close();
                return Stage::Failed(CameraError::Busy);
            }
            if let Some(text) = camera.frame(POINTS).and_then(|frame| read(&frame)) {
                break text;
            }
            if clock::monotonic() - begun > PATIENCE_MS && self.stage.try_get_untracked() == Some(Stage::Looking) {
                let _gone = self.stage.try_set(Stage::Searching);
            }
        };
        self.close();
        let _gone = self.stage.try_set(Stage::Found);
        let _gone = self.on_read.try_run(text);
        Stage::Found
    }

    fn switch_torch(self) {
        let (Some(camera), Some(on)) = (self.camera.get_value(), self.torch.get_untracked()) else { return };
        clock::spawn(async move {
            if camera.set_torch(!on).await {
                let _gone = self.torch.try_set(Some(!on));
            }
        });
    }

    /// The camera goes off.
    fn close(self) {
        let _gone = (self.camera.try_set_value(None), self.torch.try_set(None));
    }
}

/// Shows what the camera at the back sees, says what to do, and calls `on_read` once with the text of the first QR code. The
/// camera is on while this is there and nothing was read: put it where it only is when somebody scans, as in a `Dialog`.
#[component]
pub fn Scanner(
    /// Given the text of the code, once.
    #[prop(into)]
    on_read: Callback<String>,
    /// What to do where there is no code, or no camera.
    #[prop(into)]
    on_without: Callback<()>,
) -> impl IntoView {
    let scan = Scan {
        video: NodeRef::new(),
        stage: RwSignal::new(Stage::Opening),
        camera: StoredValue::new_local(None),
        torch: RwSignal::new(None),
        on_read,
    };
    let Scan { video, stage, torch, .. } = scan;
    video.on_load(move |_| scan.begin());
    on_cleanup(move || scan.close());
    let failed = Memo::new(move |_| match stage.get() {
        Stage::Failed(error) => Some(trouble(error)),
        _ => None,
    });
    view! {
        <div class="stack">
            <div class="scan" hidden=move || failed.get().is_some()>
                <video node_ref=video class="scan__video" aria-label="Ce que voit l’appareil photo"></video>
            </div>
            <p role="status">{move || stage.get().words()}</p>
            {move || failed.get().map(|(title, text)| view! {
                <Banner tone=Tone::Warning title=title text=text announce=true actions=move || view! {
                    <Button on_click=move || scan.begin()>"Réessayer"</Button>
                }/>
            })}
            {move || torch.get().map(|on| view! {
                <Button wide=true on_click=move || scan.switch_torch()>
                    {if on { "Éteindre la lampe" } else { "Allumer la lampe" }}
                </Button>
            })}
            <Button kind=ButtonKind::Quiet wide=true on_click=on_without>"Pas de code ? Pointer sans code"</Button>
        </div>
    }
}
