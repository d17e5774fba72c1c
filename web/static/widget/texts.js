/** The widget's own words, in Chinese and in English. */

const LANGUAGES = ['zh', 'en'];

const TEXTS = {
  title: ['账号助手', 'Account assistant'],
  subtitle: ['按审核过的资料回答', 'Reviewed answers only'],
  signedIn: ['已登录：{name}', 'Signed in: {name}'],
  launcher: ['打开账号助手', 'Open the account assistant'],
  launcherClose: ['收起账号助手', 'Hide the account assistant'],
  unread: ['{n} 条未读消息', '{n} unread'],
  language: ['Switch to English', '切换到中文'],
  languageShort: ['English', '中文'],
  startOver: ['重新开始', 'Start over'],
  startOverQuestion: ['重新开始？当前对话会从这台设备上移除。', 'Start over? This conversation is removed from this device.'],
  dismiss: ['取消', 'Cancel'],
  download: ['下载对话记录', 'Download transcript'],
  close: ['关闭', 'Close'],
  log: ['对话', 'Conversation'],
  composer: ['输入你的账号问题', 'Ask about your account'],
  send: ['发送', 'Send'],
  human: ['转人工', 'Talk to a person'],
  hint: ['Shift+Enter 换行', 'Shift+Enter: new line'],
  tooLong: ['超出 {n} 个字', '{n} characters too many'],
  left: ['还可输入 {n} 个字', '{n} characters left'],
  suggestions: ['相关问题', 'Related questions'],
  suggestionCount: ['有 {n} 个相关问题，用上下方向键选择', '{n} related questions, use the arrow keys to choose'],
  user: ['你', 'You'],
  assistant: ['账号助手', 'Account assistant'],
  agent: ['人工客服', 'Support agent'],
  agentSubtitle: ['由客服人员回复', 'A person answers here'],
  delivered: ['已送达', 'Delivered'],
  typing: ['正在输入', 'Typing'],
  newMessages: ['有新消息', 'New messages'],
  notSent: ['未发送，联网后自动重发', 'Not sent; will be sent when you are back online'],
  notSentBusy: ['未发送，{n} 秒后自动重发', 'Not sent; trying again in {n} s'],
  refused: ['未发送', 'Not sent'],
  retry: ['立即重试', 'Retry now'],
  offline: ['连接中断，正在重新连接。你可以继续输入，恢复后自动发送。', 'Connection lost, reconnecting. Keep typing; messages are sent as soon as it is back.'],
  busy: ['操作太频繁，{n} 秒后自动继续。', 'That was a little fast. Continuing in {n} seconds.'],
  unavailable: ['服务暂时无法响应，正在重试。', 'The service is not responding at the moment, trying again.'],
  failed: ['请求没有成功，请稍后再试。', 'That did not work. Please try again later.'],
  sources: ['来源', 'Sources'],
  updated: ['更新于', 'Updated'],
  feedbackQuestion: ['这个回答有帮助吗？', 'Was this helpful?'],
  feedbackUp: ['有帮助', 'Helpful'],
  feedbackDown: ['没有帮助', 'Not helpful'],
  feedbackComment: ['哪里不对或缺了什么？（可不填）', 'What was wrong or missing? (optional)'],
  feedbackSend: ['提交', 'Submit'],
  feedbackSkip: ['不填了', 'Skip'],
  feedbackThanks: ['谢谢你的反馈。', 'Thank you for the feedback.'],
  chooseSeveral: ['可多选', 'Choose any number'],
  submit: ['确定', 'OK'],
  example: ['例如 {example}', 'For example {example}'],
  reveal: ['显示输入内容', 'Show what I type'],
  conceal: ['隐藏输入内容', 'Hide what I type'],
  needed: ['还需要：{needs}', 'Still needed: {needs}'],
  size: ['8-20 个字符', '8-20 characters'],
  upper: ['大写字母', 'an upper-case letter'],
  lower: ['小写字母', 'a lower-case letter'],
  digit: ['数字', 'a digit'],
  mark: ['标点符号', 'punctuation'],
  solid: ['不含空格和中文', 'no space or accent'],
  empty: ['请先填写。', 'Please fill this in.'],
  progress: ['已完成 {done} / {all}', '{done} of {all} done'],
  todo: ['待办', 'To do'],
  done: ['已完成', 'Done'],
  blocked: ['受阻', 'Blocked'],
  not_applicable: ['不适用', 'Not applicable'],
  print: ['打印', 'Print'],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  copyFailed: ['请手动复制', 'Copy it by hand'],
  ticket: ['工单', 'Ticket'],
  ticketOpen: ['查看工单', 'View ticket'],
  field_text: ['请输入', 'Your answer'],
  field_email: ['邮箱地址', 'Email address'],
  field_phone: ['手机号', 'Phone number'],
  field_code: ['验证码', 'Verification code'],
  field_id_card: ['证件号码', 'ID number'],
  field_account_id: ['账号 ID', 'Account ID'],
  field_domain: ['域名', 'Domain name'],
  invalid_email: ['邮箱地址不完整，应类似 name@example.com。', 'That address is incomplete; it should look like name@example.com.'],
  invalid_phone: ['手机号不正确，请检查位数。', 'That number does not look right; please check its digits.'],
  invalid_code: ['验证码是 6 位数字。', 'A code has 6 digits.'],
  invalid_repetition: ['两次输入的密码不一样。', 'The two passwords differ.'],
  invalid_id_card: ['证件号码不正确，请检查位数。', 'That ID number does not look right; please check its length.'],
  invalid_account_id: ['账号 ID 只含数字。', 'An account ID has digits only.'],
  status_open: ['已提交', 'Submitted'],
  status_in_progress: ['处理中', 'In progress'],
  status_resolved: ['已解决', 'Resolved'],
  status_closed: ['已关闭', 'Closed'],
  status_refused: ['未通过', 'Not approved'],
  sayHuman: ['转人工', 'human'],
  saySwitch: ['请用中文', 'English please'],
};

/** The language that a tag names, if it is one of ours. */
export function languageNamed(tag) {
  return LANGUAGES.find((language) => tag?.toLowerCase().startsWith(language));
}

export function chooseLanguage(asked) {
  return [asked, ...navigator.languages].map(languageNamed).find(Boolean) ?? 'en';
}

/** The language of what a person typed, for the lang attribute of its bubble. */
export function languageOf(text) {
  return /[\u3400-\u9fff]/.test(text) ? 'zh' : 'en';
}

export class Texts {
  constructor(lang) {
    this.lang = lang;
  }

  /** One text with its {placeholders} filled in; undefined for an unknown key. */
  get(key, values = {}) {
    return TEXTS[key]?.[LANGUAGES.indexOf(this.lang)].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  }

  list(words) {
    return words.join(this.lang === 'zh' ? '、' : ', ');
  }

  /** Write the current language into every element of a tree that names a text. */
  apply(root) {
    for (const node of [root, ...root.querySelectorAll('[data-text], [data-label], [data-placeholder]')]) {
      const { text, label, placeholder, values } = node.dataset ?? {};
      if (text) node.textContent = this.get(text, values && JSON.parse(values)) ?? node.textContent;
      if (label) this.#label(node, this.get(label));
      if (placeholder) node.placeholder = this.get(placeholder);
    }
    return root;
  }

  #label(node, words) {
    node.setAttribute('aria-label', words);
    if (node.tagName === 'BUTTON') node.title = words;
  }
}
