// A list of yes-and-no questions: one button answers with no whatever is still open. Without this file each is answered by hand.
"use strict";

for (const button of document.querySelectorAll("[data-answer-no]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const questions = document.getElementById(button.dataset.answerNo);
    for (const open of questions.querySelectorAll('input[value=""]:checked')) {
      open.closest("fieldset").querySelector('input[value="no"]').click();
    }
  });
}
